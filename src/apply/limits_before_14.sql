-- Timeouts of one migration, for its transaction only; a client that has died is noticed.
select set_config('lock_timeout', $1, true),
       set_config('statement_timeout', coalesce($2, current_setting('statement_timeout')), true),
       set_config('idle_in_transaction_session_timeout', '0', true)
