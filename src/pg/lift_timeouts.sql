-- Those that this server has, off for the session: what a role or a database sets for its users is
-- not meant for work of hours.
select pg_catalog.set_config(s.name, '0', false)
  from pg_catalog.pg_settings s
 where s.name operator(pg_catalog.=) any ('{statement_timeout,lock_timeout,idle_session_timeout,
                                            idle_in_transaction_session_timeout,transaction_timeout}')
