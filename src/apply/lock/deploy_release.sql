-- False would mean that the lock was not ours any more.
select pg_catalog.pg_advisory_unlock($1::bigint)
