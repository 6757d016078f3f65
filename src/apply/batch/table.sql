-- The table of a batch: its name for people and with its schema, both quoted; rows as estimated; pages, of the longest
-- among it, its partitions and its children, as a ctid says nothing of which of them it is in; and one of these that has
-- no pages (a view, a foreign table).
with recursive tree(oid) as (
    select $1::pg_catalog.text::pg_catalog.regclass::pg_catalog.oid
    union all
    select i.inhrelid from tree
      join pg_catalog.pg_inherits i on i.inhparent operator(pg_catalog.=) tree.oid)
select c.oid::pg_catalog.regclass::pg_catalog.text, pg_catalog.format('%I.%I', n.nspname, c.relname),
       t.rows::bigint, t.size operator(pg_catalog./) pg_catalog.current_setting('block_size')::bigint, t.other
  from (select coalesce(pg_catalog.sum(greatest(m.reltuples, 0))
                            filter (where m.relkind operator(pg_catalog.<>) 'p'), 0) as rows,
               coalesce(pg_catalog.max(pg_catalog.pg_relation_size(m.oid)), 0) as size,
               pg_catalog.min(m.oid::pg_catalog.regclass::pg_catalog.text)
                   filter (where not m.relkind operator(pg_catalog.=) any ('{r,p,m}')) as other
          from tree
          join pg_catalog.pg_class m on m.oid operator(pg_catalog.=) tree.oid) t
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
