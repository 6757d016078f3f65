-- A statement is done: in its own transaction where it has one.
with step as (
    insert into :"history_step" (version, statement, checksum, state, finished_at, pid)
    values ($1::bigint, $2::integer, $3::pg_catalog.text, 'done', pg_catalog.clock_timestamp(),
            pg_catalog.pg_backend_pid())
        on conflict (version, statement) do update
       set state = 'done', finished_at = pg_catalog.clock_timestamp()
    returning version),
written as (
    update :"history" h
       set statements_done = $4::integer
      from step
     where h.version operator(pg_catalog.=) step.version
    returning 1)
select :one_row from written
