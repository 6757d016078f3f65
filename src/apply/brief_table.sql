-- The history as people write it by hand; rung adopts such a table.
create table if not exists :"history" (version bigint primary key, description pg_catalog.text, applied_at pg_catalog.timestamptz default pg_catalog.now())
