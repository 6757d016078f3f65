-- Which of these tablespaces the server does not have.
select w.name
  from pg_catalog.unnest($1::pg_catalog.text[]) as w(name)
 where not exists (select from pg_catalog.pg_tablespace t where t.spcname operator(pg_catalog.=) w.name)
 order by 1
