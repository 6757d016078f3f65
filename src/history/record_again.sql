-- The same for a migration that already has its row: applied again, or finished after a stop.
update :"history"
   set description = $2, name = $3, checksum = $4, state = $5, statements_done = $6::integer,
       duration_ms = coalesce($13::bigint,
                              (extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)::bigint),
       applied_at = now(), applied_by = session_user || '/' || $7::text, applied_from = $8,
       tool_version = $9, backup = coalesce($10, backup), rollback_sql = $11, rollback_checksum = $12
 where version = $1::bigint
