-- A statement that no transaction can hold is about to run: written before it, on its own. $4 is the deployers'
-- lock (null where a transaction holds it): an error, by a cast, where code of the file has released it.
with written as (
    insert into :"history_step" (version, statement, checksum, state, pid, backend_start)
    select $1::bigint, $2::integer, $3::pg_catalog.text, 'started', a.pid, a.backend_start
      from pg_catalog.pg_stat_activity a
     where case when a.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid() then false
                when $4::bigint is null then true
                when pg_catalog.pg_try_advisory_xact_lock($4::bigint) and pg_catalog.pg_advisory_unlock($4::bigint)
                     and pg_catalog.pg_try_advisory_lock($4::bigint) then true
                else pg_catalog.concat('rung: lock ', current_user, ' :rung')::pg_catalog.bool end
        on conflict (version, statement) do update
       set checksum = excluded.checksum, state = excluded.state, started_at = pg_catalog.now(), finished_at = null,
           pid = excluded.pid, backend_start = excluded.backend_start
    returning 1)
select :one_row from written
