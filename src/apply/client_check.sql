-- A killed client does not stop its statement by itself; since PostgreSQL 14 the server looks for it.
select pg_catalog.set_config('client_connection_check_interval', '2s', false)
