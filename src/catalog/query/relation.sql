-- Tables, views, materialized views and foreign tables. Storage parameters that begin with pg_ are the server's own.
select c.oid,
       c.relnamespace as schema,
       pg_catalog.quote_ident(c.relname) as name,
       case when c.relkind operator(pg_catalog.=) 'v' then 'view'
            when c.relkind operator(pg_catalog.=) 'm' then 'materialized view'
            when c.relkind operator(pg_catalog.=) 'f' then 'foreign table' else 'table' end as kind,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) as owner,
       c.relpersistence operator(pg_catalog.=) 'u' as unlogged,
       case when c.reloptions is not null
            then (select pg_catalog.string_agg(o.line, ', ' order by o.at)
                    from pg_catalog.unnest(c.reloptions) with ordinality o(line, at)
                   where o.line operator(pg_catalog.!~) '^pg_') end as options,
       case when t.reloptions is not null
            then (select pg_catalog.string_agg(o.line, ', ' order by o.at)
                    from pg_catalog.unnest(t.reloptions) with ordinality o(line, at)) end as toast_options,
       case when c.relam operator(pg_catalog.<>) all ('{0,2}') -- 2 is heap
            then (select m.amname from pg_catalog.pg_am m where m.oid operator(pg_catalog.=) c.relam) end as access_method,
       case when c.reltablespace operator(pg_catalog.<>) 0
            then (select s.spcname from pg_catalog.pg_tablespace s
                   where s.oid operator(pg_catalog.=) c.reltablespace) end as tablespace,
       c.relrowsecurity as row_security,
       c.relforcerowsecurity as force_row_security,
       case when c.relkind operator(pg_catalog.<>) all ('{r,p}') then null
            when c.relreplident operator(pg_catalog.=) 'n' then 'nothing'
            when c.relreplident operator(pg_catalog.=) 'f' then 'full'
            when c.relreplident operator(pg_catalog.=) 'i' -- the index may be gone, which a dump does not say
             and exists (select from pg_catalog.pg_index i
                          where i.indrelid operator(pg_catalog.=) c.oid and i.indisreplident)
            then 'index' end as replica_identity,
       case when c.relkind operator(pg_catalog.=) 'p' then pg_catalog.pg_get_partkeydef(c.oid) end as partition_key,
       case when c.relispartition then pg_catalog.pg_get_expr(c.relpartbound, c.oid) end as partition_bound,
       (select pg_catalog.string_agg(i.inhparent::pg_catalog.regclass::pg_catalog.text, ', ' order by i.inhseqno)
          from pg_catalog.pg_inherits i where i.inhrelid operator(pg_catalog.=) c.oid) as inherits,
       (select true from pg_catalog.pg_inherits i -- since 14
         where i.inhrelid operator(pg_catalog.=) c.oid and i.inhdetachpending) as detach_pending, -- since 14
       case when c.reloftype operator(pg_catalog.<>) 0 then pg_catalog.format_type(c.reloftype, null) end as of_type,
       (select pg_catalog.quote_ident(s.srvname) from pg_catalog.pg_foreign_server s
         where s.oid operator(pg_catalog.=) f.ftserver) as server,
       case when f.ftoptions is not null
            then (select pg_catalog.string_agg(pg_catalog.format('%I %L', o.option_name, o.option_value), ', '
                                               order by o.option_name collate pg_catalog."C")
                    from pg_catalog.pg_options_to_table(f.ftoptions) o) end as foreign_options,
       case when c.relkind operator(pg_catalog.=) any ('{v,m}') then pg_catalog.pg_get_viewdef(c.oid) end as definition
  from pg_catalog.pg_class c
  left join pg_catalog.pg_class t on t.oid operator(pg_catalog.=) c.reltoastrelid
  left join pg_catalog.pg_foreign_table f on f.ftrelid operator(pg_catalog.=) c.oid
 where c.relkind operator(pg_catalog.=) any ('{r,p,v,m,f}') and c.oid operator(pg_catalog.>=) 16384
