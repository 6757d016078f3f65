-- Columns of relations and attributes of composite types; where nothing is said they have what their type has.
-- attoptions: 15.20 keeps a note of its own there (pg_attver=N).
select a.attrelid as oid,
       a.attnum as sub,
       case when c.relkind operator(pg_catalog.=) 'c' then c.reltype else a.attrelid end as parent,
       case when c.relkind operator(pg_catalog.=) 'c'
            then 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid end as parent_class,
       pg_catalog.quote_ident(a.attname) as name,
       case when c.relkind operator(pg_catalog.=) 'c' then 'attribute' else 'column' end as kind,
       pg_catalog.row_number() over (partition by a.attrelid order by a.attnum) as position,
       pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
       case when a.attcollation operator(pg_catalog.<>) t.typcollation
            then (select pg_catalog.format('%s.%I', k.collnamespace::pg_catalog.regnamespace, k.collname)
                    from pg_catalog.pg_collation k where k.oid operator(pg_catalog.=) a.attcollation) end as collation,
       a.attnotnull as not_null,
       case when a.attidentity operator(pg_catalog.=) 'a' then 'always'
            when a.attidentity operator(pg_catalog.=) 'd' then 'by default' end as identity,
       case when a.attgenerated operator(pg_catalog.=) 's' then 'stored'
            when a.attgenerated operator(pg_catalog.=) 'v' then 'virtual' end as generated,
       case when a.attstorage operator(pg_catalog.=) t.typstorage or c.relkind operator(pg_catalog.<>) all ('{r,p,m,f}')
            then null
            when a.attstorage operator(pg_catalog.=) 'p' then 'plain'
            when a.attstorage operator(pg_catalog.=) 'e' then 'external'
            when a.attstorage operator(pg_catalog.=) 'm' then 'main' else 'extended' end as storage,
       case when a.attstorage operator(pg_catalog.=) t.typstorage or c.relkind operator(pg_catalog.<>) all ('{r,p,m,f}')
            then null
            when t.typstorage operator(pg_catalog.=) 'p' then 'plain'
            when t.typstorage operator(pg_catalog.=) 'e' then 'external'
            when t.typstorage operator(pg_catalog.=) 'm' then 'main' else 'extended' end as usual_storage,
       case when a.attcompression operator(pg_catalog.=) 'p' then 'pglz' -- since 14
            when a.attcompression operator(pg_catalog.=) 'l' then 'lz4' end as compression, -- since 14
       case when a.attstattarget operator(pg_catalog.>=) 0 then a.attstattarget end as statistics,
       case when a.attoptions is not null
            then (select pg_catalog.string_agg(o.line, ', ' order by o.at)
                    from pg_catalog.unnest(a.attoptions) with ordinality o(line, at)
                   where o.line operator(pg_catalog.!~) '^pg_') end as options,
       case when a.attfdwoptions is not null
            then (select pg_catalog.string_agg(pg_catalog.format('%I %L', o.option_name, o.option_value), ', '
                                               order by o.option_name collate pg_catalog."C")
                    from pg_catalog.pg_options_to_table(a.attfdwoptions) o) end as foreign_options,
       not a.attislocal as inherited
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) a.attrelid
   and c.relkind operator(pg_catalog.=) any ('{r,p,v,m,f,c}')
  join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
 where a.attrelid operator(pg_catalog.>=) 16384 and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped
