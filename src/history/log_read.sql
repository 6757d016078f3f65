-- The newest rows of the log, oldest of them first; $1 bounds how many (null for all).
select * from (
    select id, pg_catalog.to_jsonb(at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}' as at, action, outcome, version, name, duration_ms, sqlstate, error, run_id, db_user, os_user,
           host, tool_version
      from :"history_log"
     order by id desc
     limit $1::bigint) newest
 order by id
