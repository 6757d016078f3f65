-- What another tool applied was applied when it says.
with written as (
    update :"history" set applied_at = $2::pg_catalog.timestamptz where version operator(pg_catalog.=) $1::bigint
    returning 1)
select :one_row from written
