-- A rollback begins, or nothing of it was done after all.
update :"history" set state = $2 where version = $1::bigint
