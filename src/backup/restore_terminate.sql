select pg_catalog.pg_terminate_backend(a.pid)
  from pg_catalog.pg_stat_activity a
 where a.datname in ($1::text, $2::text) and a.pid <> pg_catalog.pg_backend_pid()
