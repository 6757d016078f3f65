-- A row of the history that was taken out for a test, as it was.
with written as (
    insert into :"history"
    select r.*
      from (select 1) one(n)
      left join :"history" h on false -- a row of its type
     cross join lateral pg_catalog.jsonb_populate_record(h, $1::pg_catalog.jsonb) r
    returning 1)
select :one_row from written
