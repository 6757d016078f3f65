-- Which of these roles the server does not have.
select w.name
  from pg_catalog.unnest($1::pg_catalog.text[]) as w(name)
 where not exists (select from pg_catalog.pg_roles r where r.rolname operator(pg_catalog.=) w.name)
 order by 1
