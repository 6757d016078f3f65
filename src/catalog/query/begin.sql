-- What is printed depends on these; the user's settings come back with the end of the transaction. A view's definition
-- waits for sessions that change its tables, and one that only reads must not wait for ever.
select pg_catalog.quote_ident(current_user::pg_catalog.text) as self,
       pg_catalog.set_config('search_path', '', true),
       pg_catalog.set_config('quote_all_identifiers', 'off', true),
       pg_catalog.set_config('standard_conforming_strings', 'on', true),
       pg_catalog.set_config('DateStyle', 'ISO, MDY', true),
       pg_catalog.set_config('IntervalStyle', 'postgres', true),
       pg_catalog.set_config('TimeZone', 'UTC', true),
       pg_catalog.set_config('extra_float_digits', '1', true),
       pg_catalog.set_config('bytea_output', 'hex', true),
       pg_catalog.set_config('xmlbinary', 'base64', true),
       pg_catalog.set_config('lock_timeout', '2s', true),
       pg_catalog.set_config('jit', 'off', true)
