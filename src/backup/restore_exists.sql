select d.datname from pg_catalog.pg_database d where d.datname = $1::text
