select e.extname, e.extversion
  from pg_catalog.pg_extension e
 order by 1
