-- What the file has set, to be put back after a statement that must have none.
select pg_catalog.current_setting('lock_timeout'), pg_catalog.current_setting('statement_timeout')
