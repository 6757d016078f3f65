-- Where another tool's table is, as the search path finds it.
select n.nspname, c.relname
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where c.oid operator(pg_catalog.=) pg_catalog.to_regclass($1::pg_catalog.text)
