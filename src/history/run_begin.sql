-- A run begins: in the transaction of its first step, so that both are there or neither. The
-- update never happens; it asks for the right to make the mark at the end (run_finish.sql), which is
-- better missed now than when all is done.
with written as (
    insert into :"history_run" (number, id, command, target, from_name, to_name, steps, log_id, begun_at,
                                db_user, os_user, host, tool_version)
    select coalesce((select pg_catalog.max(r.number) from :"history_run" r), 0) operator(pg_catalog.+) 1,
           $1, $2, $3, $4, $5, $6,
           coalesce((select pg_catalog.max(l.id) from :"history_log" l), 0),
           pg_catalog.clock_timestamp(), session_user, $7, $8, $9
        on conflict (number) do update
       set finished_at = null
     where false
    returning 1)
select :one_row from written
