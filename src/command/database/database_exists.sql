-- Whether a database of this name is there.
select from pg_catalog.pg_database where datname operator(pg_catalog.=) $1
