-- Timeouts for one statement's transaction ($3 true) or for the session.
select set_config('lock_timeout', $1, $3::boolean),
       set_config('statement_timeout', coalesce($2, current_setting('statement_timeout')), $3::boolean)
