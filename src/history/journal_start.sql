-- A statement that no transaction can hold is about to run: written before it, on its own.
with written as (
    insert into :"history_step" (version, statement, checksum, state, pid, backend_start)
    select $1::bigint, $2::integer, $3::pg_catalog.text, 'started', a.pid, a.backend_start
      from pg_catalog.pg_stat_activity a
     where a.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()
        on conflict (version, statement) do update
       set checksum = excluded.checksum, state = excluded.state, started_at = pg_catalog.now(), finished_at = null,
           pid = excluded.pid, backend_start = excluded.backend_start
    returning 1)
select :one_row from written
