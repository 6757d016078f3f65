select pg_catalog.pg_export_snapshot(),
       pg_catalog.to_char(pg_catalog.now(), 'YYYY-MM-DD HH24:MI:SS'),
       pg_catalog.current_setting('server_version'),
       (select coalesce(pg_catalog.sum(pg_catalog.pg_table_size(c.oid)), 0)::bigint
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
         where c.relkind operator(pg_catalog.=) any ('{r,m}')
           and n.nspname operator(pg_catalog.<>) 'information_schema'
           and (n.nspname operator(pg_catalog.!~) '^pg_' or c.relname operator(pg_catalog.=) 'pg_largeobject'))
