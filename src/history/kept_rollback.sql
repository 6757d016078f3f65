-- The rollback SQL kept with an applied migration.
select rollback_sql from :"history" where version = $1::bigint
