-- The batch is whole; its row in the journal says so from now on.
delete from :"history_batch"
 where version operator(pg_catalog.=) $1::bigint and statement operator(pg_catalog.=) $2::integer
