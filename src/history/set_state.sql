-- A rollback begins, or nothing of it was done after all.
with written as (
    update :"history" set state = $2 where version operator(pg_catalog.=) $1::bigint
    returning 1)
select :one_row from written
