-- Integers have no value below all others: one less than the least there is will do.
-- psql -v table=public.orders -v column=id -f least.sql
select (pg_catalog.min(k.:column)::numeric operator(pg_catalog.-) 1)::pg_catalog.text from :table k
