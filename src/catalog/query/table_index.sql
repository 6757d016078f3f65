-- What pg_get_indexdef prints, from behind the names: USING ... An invalid one counts as absent.
-- 99 is the schema of TOAST tables.
select c.oid,
       c.relnamespace as schema,
       pg_catalog.quote_ident(c.relname) as name,
       i.indrelid as parent,
       i.indisunique as "unique",
       (i.indisprimary or i.indisexclusion
        or exists (select from pg_catalog.pg_constraint n
                    where n.conindid operator(pg_catalog.=) c.oid and n.contype operator(pg_catalog.=) any ('{p,u,x}')
                      and n.conrelid operator(pg_catalog.=) i.indrelid)) as "constraint",
       i.indisclustered as clustered,
       i.indisreplident as replica_identity,
       not i.indisvalid and c.relkind operator(pg_catalog.=) 'i' as invalid,
       case when c.reltablespace operator(pg_catalog.<>) 0
            then (select s.spcname from pg_catalog.pg_tablespace s
                   where s.oid operator(pg_catalog.=) c.reltablespace) end as tablespace,
       (select h.inhparent::pg_catalog.regclass from pg_catalog.pg_inherits h
         where h.inhrelid operator(pg_catalog.=) c.oid) as attached_to,
       case when i.indexprs is not null
            then (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, a.attstattarget), ', ' order by a.attnum)
                    from pg_catalog.pg_attribute a
                   where a.attrelid operator(pg_catalog.=) c.oid
                     and a.attstattarget operator(pg_catalog.>=) 0) end as statistics,
       pg_catalog.substr(pg_catalog.pg_get_indexdef(c.oid), 1 operator(pg_catalog.+) pg_catalog.length(pg_catalog.concat(
           'CREATE ', case when i.indisunique then 'UNIQUE ' end, 'INDEX ', pg_catalog.quote_ident(c.relname), ' ON ',
           case when c.relkind operator(pg_catalog.=) 'I' then 'ONLY ' end, i.indrelid::pg_catalog.regclass, ' ')))
           as definition
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
   and c.relnamespace operator(pg_catalog.<>) 99
 where i.indexrelid operator(pg_catalog.>=) 16384
