-- Appends to the log. The hash covers the row and the hash before it, in a form
-- that no setting and no server version changes. $14, the checksum of the rollback SQL
-- kept with the record, is part of it where there is one; so are $15 and $16, what was run beside the file and what
-- takes that back.
-- $11, when given, sets synchronous_commit until the transaction ends.
with written as (
    insert into :"history_log" (id, at, action, outcome, version, name, checksum, duration_ms, sqlstate, error,
                                run_id, db_user, os_user, host, tool_version, rollback_checksum, sql, sql_back, previous_hash, hash)
    select n.id, n.at, $1::pg_catalog.text, $2::pg_catalog.text, $3::bigint, $4::pg_catalog.text, $5::pg_catalog.text,
           n.duration_ms, $6::pg_catalog.text, $7::pg_catalog.text, $8::pg_catalog.text, session_user,
           $9::pg_catalog.text, $10::pg_catalog.text, $12::pg_catalog.text, $14::pg_catalog.text, $15::pg_catalog.text, $16::pg_catalog.text, n.previous_hash,
           pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_concat(pg_catalog.jsonb_concat(pg_catalog.jsonb_build_array(n.id,
                  pg_catalog.to_char(n.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), $1::pg_catalog.text,
                  $2::pg_catalog.text, $3::bigint, $4::pg_catalog.text, $5::pg_catalog.text, n.duration_ms,
                  $6::pg_catalog.text, $7::pg_catalog.text, $8::pg_catalog.text, session_user, $9::pg_catalog.text,
                  $10::pg_catalog.text, $12::pg_catalog.text, n.previous_hash),
                  case when $14::pg_catalog.text is null then '[]'::pg_catalog.jsonb
                       else pg_catalog.jsonb_build_array($14::pg_catalog.text) end),
                  case when $15::pg_catalog.text is null then '[]'::pg_catalog.jsonb
                       else pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object(
                                'sql', $15::pg_catalog.text, 'sql_back', $16::pg_catalog.text)) end)::pg_catalog.text, 'UTF8')), 'hex')
      from (select coalesce(newest.id, 0) operator(pg_catalog.+) 1 as id,
                   pg_catalog.clock_timestamp() as at,
                   coalesce($13::bigint,
                            (extract(epoch from pg_catalog.clock_timestamp()
                                                operator(pg_catalog.-) pg_catalog.transaction_timestamp())
                             operator(pg_catalog.*) 1000)::bigint)
                       as duration_ms,
                   coalesce(newest.hash, '') as previous_hash
              from (values (1)) as one(row)
              left join (select l.id, l.hash from :"history_log" l order by l.id desc limit 1) newest on true) n
     where coalesce(pg_catalog.set_config('synchronous_commit',
               case when $11::pg_catalog.text is null then pg_catalog.current_setting('synchronous_commit')
                    when pg_catalog.current_setting('synchronous_commit') operator(pg_catalog.=) 'off'
                         and $11::pg_catalog.text operator(pg_catalog.=) 'on' then 'on'
                    when $11::pg_catalog.text operator(pg_catalog.=) 'off' then 'off'
                    else pg_catalog.current_setting('synchronous_commit') end, true), '') operator(pg_catalog.<>) ''
    returning 1)
select :one_row from written
