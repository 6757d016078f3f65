-- What is the server's own, where somebody has changed who may use it: of it, the grants alone count,
-- and what they were from the start, a role a line.
-- 11 is the schema pg_catalog, which is also there as a schema, so that it is a part of itself here; what is in information_schema is left alone, and languages,
-- as by pg_dump.
select l.class, l.oid,
       case when l.class operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass then 1 else l.sub end as sub,
       pg_catalog.concat(o.type, ' ', case when o.type operator(pg_catalog.=) 'type'
                                           then pg_catalog.concat_ws('.', o.schema, o.name) else o.identity end) as name,
       (select pg_catalog.string_agg(g.line, E'\n' order by g.line collate pg_catalog."C")
          from (select pg_catalog.concat(case when a.grantee operator(pg_catalog.=) 0 then 'PUBLIC'
                                              when a.grantee operator(pg_catalog.=) l.owner then '@owner'
                                              else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end, ' ',
                           pg_catalog.string_agg(pg_catalog.concat(a.privilege_type, case when a.is_grantable then '*' end),
                                                 ', ' order by a.privilege_type collate pg_catalog."C")) as line
                  from pg_catalog.aclexplode(coalesce(i.initprivs, l.usual)) a
                 group by a.grantee) g) as initial
  from (select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid as class, c.oid, 0 as sub, c.relacl as acl, c.relowner as owner,
               pg_catalog.acldefault((case when c.relkind operator(pg_catalog.=) 'S' then 's' else 'r' end)::pg_catalog."char",
                                     c.relowner) as usual
          from pg_catalog.pg_class c where c.relacl is not null and c.oid operator(pg_catalog.<) 16384
           and c.relnamespace operator(pg_catalog.=) 11
        union all
        select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, a.attrelid, a.attnum, a.attacl, c.relowner,
               pg_catalog.acldefault('c', c.relowner)
          from pg_catalog.pg_attribute a
          join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) a.attrelid and c.relnamespace operator(pg_catalog.=) 11
         where a.attacl is not null and a.attrelid operator(pg_catalog.<) 16384
        union all
        select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, 0, p.proacl, p.proowner,
               pg_catalog.acldefault('f', p.proowner)
          from pg_catalog.pg_proc p where p.proacl is not null and p.oid operator(pg_catalog.<) 16384
           and p.pronamespace operator(pg_catalog.=) 11
        union all
        select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 0, t.typacl, t.typowner,
               pg_catalog.acldefault('T', t.typowner)
          from pg_catalog.pg_type t where t.typacl is not null and t.oid operator(pg_catalog.<) 16384
           and t.typnamespace operator(pg_catalog.=) 11
        union all
        select 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid, n.oid, 0, n.nspacl, n.nspowner,
               pg_catalog.acldefault('n', n.nspowner)
          from pg_catalog.pg_namespace n
         where n.nspacl is not null and n.oid operator(pg_catalog.=) 11) l
  left join pg_catalog.pg_init_privs i on i.classoid operator(pg_catalog.=) l.class
   and i.objoid operator(pg_catalog.=) l.oid and i.objsubid operator(pg_catalog.=) l.sub
 cross join lateral pg_catalog.pg_identify_object(l.class, l.oid, l.sub) o
 where not ((i.initprivs is not null and l.acl operator(pg_catalog.=) i.initprivs)
            or (l.acl operator(pg_catalog.@>) coalesce(i.initprivs, l.usual)
                and l.acl operator(pg_catalog.<@) coalesce(i.initprivs, l.usual)))
