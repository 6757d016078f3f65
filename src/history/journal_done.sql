-- A statement is done: in its own transaction where it has one. $5 is $4 of journal_start.sql.
with step as (
    insert into :"history_step" (version, statement, checksum, state, finished_at, pid)
    select $1::bigint, $2::integer, $3::pg_catalog.text, 'done', pg_catalog.clock_timestamp(),
           pg_catalog.pg_backend_pid()
     where case when $5::bigint is null then true
                when pg_catalog.pg_try_advisory_xact_lock($5::bigint) and pg_catalog.pg_advisory_unlock($5::bigint)
                     and pg_catalog.pg_try_advisory_lock($5::bigint) then true
                else pg_catalog.concat('rung: lock ', current_user, ' :rung')::pg_catalog.bool end
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
