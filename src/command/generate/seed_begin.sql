-- For seed_rows.sql, in the same session: the tables, and that triggers do not fire.
select pg_catalog.set_config('rung.tables', $1, false), pg_catalog.set_config('session_replication_role', 'replica', false),
       pg_catalog.set_config('search_path', '', false)
