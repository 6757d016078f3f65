-- The files, because asking tables for their size waits for whoever has locked them; without what an empty
-- database takes.
select greatest(pg_catalog.pg_database_size(pg_catalog.current_database()) - 8 * 1024 * 1024, 0)::bigint
