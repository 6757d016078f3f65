-- The deployers' lock, never waited for in the server: a waiter's snapshot would block CREATE INDEX CONCURRENTLY.
select pg_catalog.pg_try_advisory_lock($1::bigint)
