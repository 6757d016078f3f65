-- The newest rows of the log, oldest of them first; $1 bounds how many (null for all). In a log from before there were
-- columns sql and sql_back, these names mean those of "older", which are null.
select l.id, pg_catalog.to_jsonb(l.at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}' as at, l.action, l.outcome,
       l.version, l.name, l.duration_ms, l.sqlstate, l.error, l.run_id, l.db_user, l.os_user, l.host, l.tool_version,
       l.sql, l.sql_back
  from (values (null::pg_catalog.text, null::pg_catalog.text)) older (sql, sql_back)
 cross join lateral (
       select i.id, i.at, i.action, i.outcome, i.version, i.name, i.duration_ms, i.sqlstate, i.error, i.run_id,
              i.db_user, i.os_user, i.host, i.tool_version, sql, sql_back
         from :"history_log" i
        order by i.id desc
        limit $1::bigint) l
 order by l.id
