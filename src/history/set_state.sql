-- A rollback begins, or nothing of it was done after all.
update :"history" set state = $2 where version operator(pg_catalog.=) $1::bigint
