-- Rows whose hash is not what their content and the row before them demand. In a log from before there was a
-- column rollback_checksum, that name means the one of "older", which is null.
select id, is_changed, is_detached
  from (select l.id,
               l.hash operator(pg_catalog.<>)
               pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_concat(pg_catalog.jsonb_build_array(l.id,
                   pg_catalog.to_char(l.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
                   l.action, l.outcome, l.version, l.name, l.checksum, l.duration_ms, l.sqlstate, l.error,
                   l.run_id, l.db_user, l.os_user, l.host, l.tool_version,
                   l.previous_hash),
                   case when l.rollback_checksum is null then '[]'::pg_catalog.jsonb
                        else pg_catalog.jsonb_build_array(l.rollback_checksum) end)::pg_catalog.text, 'UTF8')), 'hex') as is_changed,
               l.previous_hash operator(pg_catalog.<>) pg_catalog.lag(l.hash, 1, '') over (order by l.id)
                   or l.id operator(pg_catalog.<>)
                      (pg_catalog.lag(l.id, 1, 0::bigint) over (order by l.id) operator(pg_catalog.+) 1) as is_detached
          from (values (null::pg_catalog.text)) older (rollback_checksum)
         cross join lateral (
               select i.id, i.at, i.action, i.outcome, i.version, i.name, i.checksum, i.duration_ms, i.sqlstate, i.error,
                      i.run_id, i.db_user, i.os_user, i.host, i.tool_version, i.previous_hash, i.hash, rollback_checksum
                 from :"history_log" i) l) checked
 where is_changed or is_detached
 order by id
