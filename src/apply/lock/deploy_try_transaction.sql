-- The same for the length of a transaction, where a pooler makes sessions meaningless.
select pg_catalog.pg_try_advisory_xact_lock($1::bigint)
