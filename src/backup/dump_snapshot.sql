select pg_catalog.pg_export_snapshot(),
       pg_catalog.to_char(pg_catalog.now(), 'YYYY-MM-DD HH24:MI:SS'),
       pg_catalog.current_setting('server_version')
