-- The table of a batch: its name for people and with its schema, both quoted, rows as estimated, pages.
select c.oid::pg_catalog.regclass::pg_catalog.text, pg_catalog.format('%I.%I', n.nspname, c.relname),
       greatest(c.reltuples, 0)::bigint,
       pg_catalog.pg_relation_size(c.oid) operator(pg_catalog./) pg_catalog.current_setting('block_size')::bigint
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where c.oid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
