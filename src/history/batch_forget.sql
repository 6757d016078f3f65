-- The batch is whole; its row in the journal says so from now on.
delete from :"history_batch" where version = $1::bigint and statement = $2::integer
