-- Timeouts of one migration, for its transaction only; a client that has died is noticed.
select pg_catalog.set_config('lock_timeout', $1, true),
       pg_catalog.set_config('statement_timeout', coalesce($2, pg_catalog.current_setting('statement_timeout')),
                             true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
