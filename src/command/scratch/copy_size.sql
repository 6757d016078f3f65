-- How much there is to copy.
select pg_catalog.pg_database_size($1::pg_catalog.name)
