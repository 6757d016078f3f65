select pg_catalog.to_regclass($1::pg_catalog.text) is not null, pg_catalog.pg_is_in_recovery()
