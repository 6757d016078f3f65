-- A migration was applied: one row, in the migration's own transaction. The
-- primary key refuses a second one, whatever else may have gone wrong.
with written as (
    insert into :"history" (version, description, name, checksum, state, statements_done, duration_ms,
                            applied_by, applied_from, tool_version, backup, rollback_sql, rollback_checksum,
                            variables)
    values ($1::bigint, $2, $3, $4, $5, $6::integer,
            coalesce($13::bigint,
                     (extract(epoch from pg_catalog.clock_timestamp()
                                         operator(pg_catalog.-) pg_catalog.transaction_timestamp())
                      operator(pg_catalog.*) 1000)::bigint),
            pg_catalog.concat_ws('/', session_user, $7::pg_catalog.text), $8, $9, $10, $11, $12,
            $14)
    returning 1)
select :one_row from written
