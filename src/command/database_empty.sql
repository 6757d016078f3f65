-- Sends everybody else away from a database.
select pg_catalog.pg_terminate_backend(pid)
  from pg_catalog.pg_stat_activity
 where datname = $1 and pid <> pg_catalog.pg_backend_pid()
