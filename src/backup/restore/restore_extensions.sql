-- Which of these extensions the server could not create.
select w.name
  from pg_catalog.unnest($1::pg_catalog.text[]) as w(name)
 where not exists (select from pg_catalog.pg_available_extensions a where a.name operator(pg_catalog.=) w.name)
 order by 1
