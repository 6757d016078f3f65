-- Of the newest $1 rows (null: of all) those whose hash is not what their content and the row before them demand.
-- Where there are more, the first that was looked at comes too, with nothing against it. In a log from before there
-- was a column rollback_checksum, or sql, that name means the one of "older", which is null.
select id, is_changed, is_detached
  from (select id, is_changed,
               case when before_id is not null
                    then previous_hash operator(pg_catalog.<>) before_hash
                         or id operator(pg_catalog.<>) (before_id operator(pg_catalog.+) 1)
                    else not is_cut and (previous_hash operator(pg_catalog.<>) '' or id operator(pg_catalog.<>) 1)
               end as is_detached,
               before_id is null and is_cut as is_edge
          from (select l.id, l.previous_hash,
                       l.hash operator(pg_catalog.<>)
                       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_concat(pg_catalog.jsonb_concat(pg_catalog.jsonb_build_array(l.id,
                           pg_catalog.to_char(l.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
                           l.action, l.outcome, l.version, l.name, l.checksum, l.duration_ms, l.sqlstate, l.error,
                           l.run_id, l.db_user, l.os_user, l.host, l.tool_version,
                           l.previous_hash),
                           case when l.rollback_checksum is null then '[]'::pg_catalog.jsonb
                                else pg_catalog.jsonb_build_array(l.rollback_checksum) end),
                           case when l.sql is null then '[]'::pg_catalog.jsonb
                                else pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object(
                                         'sql', l.sql, 'sql_back', l.sql_back)) end)::pg_catalog.text, 'UTF8')), 'hex') as is_changed,
                       pg_catalog.lag(l.id) over (order by l.id) as before_id,
                       pg_catalog.lag(l.hash) over (order by l.id) as before_hash,
                       (pg_catalog.count(*) over () operator(pg_catalog.=) $1::bigint) is true as is_cut
                  from (values (null::pg_catalog.text, null::pg_catalog.text, null::pg_catalog.text))
                       older (rollback_checksum, sql, sql_back)
                 cross join lateral (
                       select i.id, i.at, i.action, i.outcome, i.version, i.name, i.checksum, i.duration_ms, i.sqlstate,
                              i.error, i.run_id, i.db_user, i.os_user, i.host, i.tool_version, i.previous_hash, i.hash,
                              rollback_checksum, sql, sql_back
                         from :"history_log" i
                        order by i.id desc
                        limit $1::bigint) l) hashed) checked
 where is_changed or is_detached or is_edge
 order by id
