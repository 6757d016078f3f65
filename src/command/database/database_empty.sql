-- Sends everybody else away from a database.
select pg_catalog.pg_terminate_backend(pid)
  from pg_catalog.pg_stat_activity
 where datname operator(pg_catalog.=) $1 and pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid()
