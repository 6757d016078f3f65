-- Since PostgreSQL 14.
select pg_catalog.set_config(s.name, '0', false)
  from pg_catalog.pg_settings s
 where s.name operator(pg_catalog.=) 'idle_session_timeout'
