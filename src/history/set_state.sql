-- A rollback begins, or nothing of it was done after all; $3 is how many statements are done, when that is known.
with written as (
    update :"history"
       set state = $2, statements_done = coalesce($3::integer, statements_done)
     where version operator(pg_catalog.=) $1::bigint
    returning 1)
select :one_row from written
