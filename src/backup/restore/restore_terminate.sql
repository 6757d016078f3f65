select pg_catalog.pg_terminate_backend(a.pid)
  from pg_catalog.pg_stat_activity a
 where a.datname operator(pg_catalog.=) any (array[$1::pg_catalog.text, $2::pg_catalog.text])
   and a.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid()
