-- Timeouts for one statement's transaction ($3 true) or for the session.
select pg_catalog.set_config('lock_timeout', $1, $3::boolean),
       pg_catalog.set_config('statement_timeout', coalesce($2, pg_catalog.current_setting('statement_timeout')),
                             $3::boolean)
