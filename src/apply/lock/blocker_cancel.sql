-- Stops what a blocker is doing; an idle transaction cannot be cancelled, only terminated.
select pg_catalog.pg_cancel_backend($1::integer)
