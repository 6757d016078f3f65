-- Appends to the log. The hash covers the row and the hash before it, in a form
-- that no setting and no server version changes.
-- $11, when given, sets synchronous_commit until the transaction ends.
insert into :"history_log" (id, at, action, outcome, version, name, checksum, duration_ms, sqlstate, error,
                            run_id, db_user, os_user, host, tool_version, previous_hash, hash)
select n.id, n.at, $1::text, $2::text, $3::bigint, $4::text, $5::text, n.duration_ms, $6::text, $7::text,
       $8::text, session_user, $9::text, $10::text, $12::text, n.previous_hash,
       encode(sha256(convert_to(jsonb_build_array(n.id,
              to_char(n.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), $1::text, $2::text, $3::bigint,
              $4::text, $5::text, n.duration_ms, $6::text, $7::text, $8::text, session_user, $9::text,
              $10::text, $12::text, n.previous_hash)::text, 'UTF8')), 'hex')
  from (select coalesce(newest.id, 0) + 1 as id,
               clock_timestamp() as at,
               coalesce($13::bigint,
                        (extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)::bigint)
                   as duration_ms,
               coalesce(newest.hash, '') as previous_hash
          from (values (1)) as one(row)
          left join (select l.id, l.hash from :"history_log" l order by l.id desc limit 1) newest on true) n
 where coalesce(set_config('synchronous_commit',
                           case when $11::text is null then current_setting('synchronous_commit')
                                when current_setting('synchronous_commit') = 'off' and $11::text = 'on' then 'on'
                                when $11::text = 'off' then 'off'
                                else current_setting('synchronous_commit') end, true), '') <> ''
