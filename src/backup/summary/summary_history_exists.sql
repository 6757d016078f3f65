select pg_catalog.to_regclass($1::pg_catalog.text) is not null
