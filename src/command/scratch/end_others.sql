-- Ends those of our own who are still in a database.
select pg_catalog.count(pg_catalog.pg_terminate_backend(a.pid)) from pg_catalog.pg_stat_activity a
 where a.datname operator(pg_catalog.=) $1::pg_catalog.name and a.usename operator(pg_catalog.=) current_user
   and a.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid()
