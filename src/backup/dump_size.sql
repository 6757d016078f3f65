-- The files, because asking tables for their size waits for anyone who has locked them; without the 8 MB that an
-- empty database takes.
select greatest(pg_catalog.pg_database_size(pg_catalog.current_database()) operator(pg_catalog.-) 8388608, 0)::bigint
