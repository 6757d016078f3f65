-- The table of a batch: its name quoted as this session needs it, rows as estimated, pages.
select c.oid::pg_catalog.regclass::pg_catalog.text, greatest(c.reltuples, 0)::bigint,
       pg_catalog.pg_relation_size(c.oid) operator(pg_catalog./) pg_catalog.current_setting('block_size')::bigint
  from pg_catalog.pg_class c
 where c.oid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
