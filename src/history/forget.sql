-- A migration was rolled back.
with written as (
    delete from :"history" where version operator(pg_catalog.=) $1::bigint
    returning 1)
select :one_row from written
