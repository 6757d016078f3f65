-- record.sql and log.sql in one, for what is applied for the first time: most of what a run writes. The
-- entry of the log is made from the row, so that one count tells of both.
-- $14 to $17: the entry's action and outcome, the run, and synchronous_commit as in log.sql; $18: variables.
with recorded as (
    insert into :"history" (version, description, name, checksum, state, statements_done, duration_ms,
                            applied_by, applied_from, tool_version, backup, rollback_sql, rollback_checksum,
                            variables)
    values ($1::bigint, $2, $3::pg_catalog.text, $4::pg_catalog.text, $5, $6::integer,
            coalesce($13::bigint,
                     (extract(epoch from pg_catalog.clock_timestamp()
                                         operator(pg_catalog.-) pg_catalog.transaction_timestamp())
                      operator(pg_catalog.*) 1000)::bigint),
            pg_catalog.concat_ws('/', session_user, $7::pg_catalog.text), $8::pg_catalog.text,
            $9::pg_catalog.text, $10, $11, $12::pg_catalog.text, $18)
    returning duration_ms),
written as (
    insert into :"history_log" (id, at, action, outcome, version, name, checksum, duration_ms,
                                run_id, db_user, os_user, host, tool_version, rollback_checksum, previous_hash, hash)
    select n.id, n.at, $14::pg_catalog.text, $15::pg_catalog.text, $1::bigint, $3::pg_catalog.text,
           $4::pg_catalog.text, n.duration_ms, $16::pg_catalog.text, session_user, $7::pg_catalog.text,
           $8::pg_catalog.text, $9::pg_catalog.text, $12::pg_catalog.text, n.previous_hash,
           pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_concat(pg_catalog.jsonb_build_array(n.id,
                  pg_catalog.to_char(n.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), $14::pg_catalog.text,
                  $15::pg_catalog.text, $1::bigint, $3::pg_catalog.text, $4::pg_catalog.text, n.duration_ms,
                  null::pg_catalog.text, null::pg_catalog.text, $16::pg_catalog.text, session_user,
                  $7::pg_catalog.text, $8::pg_catalog.text, $9::pg_catalog.text, n.previous_hash),
                  case when $12::pg_catalog.text is null then '[]'::pg_catalog.jsonb
                       else pg_catalog.jsonb_build_array($12::pg_catalog.text) end)::pg_catalog.text, 'UTF8')), 'hex')
      from (select coalesce(newest.id, 0) operator(pg_catalog.+) 1 as id, pg_catalog.clock_timestamp() as at,
                   recorded.duration_ms, coalesce(newest.hash, '') as previous_hash
              from recorded
              left join (select l.id, l.hash from :"history_log" l order by l.id desc limit 1) newest on true) n
     where coalesce(pg_catalog.set_config('synchronous_commit',
               case when $17::pg_catalog.text is null then pg_catalog.current_setting('synchronous_commit')
                    when pg_catalog.current_setting('synchronous_commit') operator(pg_catalog.=) 'off'
                         and $17::pg_catalog.text operator(pg_catalog.=) 'on' then 'on'
                    when $17::pg_catalog.text operator(pg_catalog.=) 'off' then 'off'
                    else pg_catalog.current_setting('synchronous_commit') end, true), '') operator(pg_catalog.<>) ''
    returning 1)
select :one_row from written
