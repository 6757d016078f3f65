-- What the file has set, to be put back after a statement that must have none.
select current_setting('lock_timeout'), current_setting('statement_timeout')
