-- What is the server's own, where somebody has changed who may use it: of it, the grants alone count.
-- 11 is the schema pg_catalog; what is in information_schema is left alone, and languages,
-- as by pg_dump.
select l.class, l.oid, l.sub,
       pg_catalog.concat(o.type, ' ', o.identity) as name
  from (select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid as class, c.oid, 0 as sub, c.relacl as acl,
               pg_catalog.acldefault((case when c.relkind operator(pg_catalog.=) 'S' then 's' else 'r' end)::pg_catalog."char",
                                     c.relowner) as usual
          from pg_catalog.pg_class c where c.relacl is not null and c.oid operator(pg_catalog.<) 16384
           and c.relnamespace operator(pg_catalog.=) 11
        union all
        select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, a.attrelid, a.attnum, a.attacl, '{}'
          from pg_catalog.pg_attribute a
          join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) a.attrelid and c.relnamespace operator(pg_catalog.=) 11
         where a.attacl is not null and a.attrelid operator(pg_catalog.<) 16384
        union all
        select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, 0, p.proacl,
               pg_catalog.acldefault('f', p.proowner)
          from pg_catalog.pg_proc p where p.proacl is not null and p.oid operator(pg_catalog.<) 16384
           and p.pronamespace operator(pg_catalog.=) 11
        union all
        select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 0, t.typacl,
               pg_catalog.acldefault('T', t.typowner)
          from pg_catalog.pg_type t where t.typacl is not null and t.oid operator(pg_catalog.<) 16384
           and t.typnamespace operator(pg_catalog.=) 11
        union all
        select 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid, n.oid, 0, n.nspacl,
               pg_catalog.acldefault('n', n.nspowner)
          from pg_catalog.pg_namespace n
         where n.nspacl is not null and n.oid operator(pg_catalog.=) 11) l
  left join pg_catalog.pg_init_privs i on i.classoid operator(pg_catalog.=) l.class
   and i.objoid operator(pg_catalog.=) l.oid and i.objsubid operator(pg_catalog.=) l.sub
 cross join lateral pg_catalog.pg_identify_object(l.class, l.oid, l.sub) o
 where not (l.acl operator(pg_catalog.@>) coalesce(i.initprivs, l.usual)
            and l.acl operator(pg_catalog.<@) coalesce(i.initprivs, l.usual))
