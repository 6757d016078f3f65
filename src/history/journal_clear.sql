-- The journal of a migration that is whole, or gone, with the positions of its batches.
with positions as (delete from :"history_batch" where version operator(pg_catalog.=) $1::bigint)
delete from :"history_step" where version operator(pg_catalog.=) $1::bigint
