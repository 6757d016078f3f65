-- The rollback SQL kept with an applied migration.
select rollback_sql from :"history" where version operator(pg_catalog.=) $1::bigint
