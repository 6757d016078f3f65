-- The same for a migration that already has its row: applied again, or finished after a stop. What
-- finishes it keeps the first attempt's backup: a later one holds half of the migration.
with written as (
    update :"history"
       set description = $2, name = $3, checksum = $4, state = $5, statements_done = $6::integer,
           duration_ms = coalesce($13::bigint,
                                  (extract(epoch from pg_catalog.clock_timestamp()
                                                      operator(pg_catalog.-) pg_catalog.transaction_timestamp())
                                   operator(pg_catalog.*) 1000)::bigint),
           applied_at = pg_catalog.now(),
           applied_by = pg_catalog.concat_ws('/', session_user, $7::pg_catalog.text),
           applied_from = $8, tool_version = $9,
           backup = case when state operator(pg_catalog.=) 'partial' then backup else coalesce($10, backup) end,
           rollback_sql = $11, rollback_checksum = $12, variables = $14
     where version operator(pg_catalog.=) $1::bigint
    returning 1)
select :one_row from written
