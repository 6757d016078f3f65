-- The file as it is now is what was applied: name, checksum and rollback are filled in, and
-- what an unfinished run of another text noted is forgotten.
with journal as (delete from :"history_step" where version operator(pg_catalog.=) $1::bigint),
     positions as (delete from :"history_batch" where version operator(pg_catalog.=) $1::bigint),
     written as (
         update :"history"
            set name = $2, checksum = $3, rollback_sql = $4, rollback_checksum = $5
          where version operator(pg_catalog.=) $1::bigint
         returning 1)
select :one_row from written
