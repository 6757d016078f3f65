-- A chunk is over: in the chunk's own transaction, so that position and rows agree.
with written as (
    insert into :"history_batch" (version, statement, checksum, lo, hi, pass, rows_in_pass, rows, turns, size)
    values ($1::bigint, $2::integer, $3::pg_catalog.text,
            array[$4, $5, $6, $7]::pg_catalog.text[], array[$8, $9, $10, $11]::pg_catalog.text[],
            $12::integer, $13::bigint, $14::bigint, $15::bigint, $16::bigint)
        on conflict (version, statement) do update
       set lo = excluded.lo, hi = excluded.hi, pass = excluded.pass, rows_in_pass = excluded.rows_in_pass,
           rows = excluded.rows, turns = excluded.turns, size = excluded.size, updated_at = pg_catalog.clock_timestamp()
    returning 1)
select :one_row from written
