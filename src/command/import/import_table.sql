-- Where another tool's table is, as the search path finds it, and what speaks against reading it:
-- a view and a type of somebody's own run their owner's code as us.
select n.nspname, c.relname,
       case when c.relkind operator(pg_catalog.<>) all (array['r', 'p']::pg_catalog."char"[]) then 'is not a table'
            else (select pg_catalog.format('has a column "%s" of the type %s, which is not one of PostgreSQL''s own',
                                           a.attname, pg_catalog.format_type(t.oid, null))
                    from pg_catalog.pg_attribute a
                    join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
                    join pg_catalog.pg_namespace tn on tn.oid operator(pg_catalog.=) t.typnamespace
                   where a.attrelid operator(pg_catalog.=) c.oid
                     and a.attnum operator(pg_catalog.>) 0
                     and not a.attisdropped
                     and tn.nspname operator(pg_catalog.<>) 'pg_catalog'
                   order by a.attnum
                   limit 1) end
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where c.oid operator(pg_catalog.=) pg_catalog.to_regclass($1::pg_catalog.text)
