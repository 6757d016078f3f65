-- Who only looks changes nothing and waits for nobody's lock for long. It holds for the transaction, which is that
-- of the one pipeline: behind a pooler the backend continues to serve somebody else.
select pg_catalog.set_config('lock_timeout', '2s', true),
       pg_catalog.set_config('transaction_read_only', 'on', true)
