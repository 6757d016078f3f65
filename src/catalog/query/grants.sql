-- Who may do what with it, where that is not what everybody may from the start; an object
-- with an empty list has one row without a grantee. '' is PUBLIC, @owner its owner.
-- The schema pg_catalog is a part of itself, as in system_object.sql.
-- What is the server's own is held against what initdb gave it (pg_init_privs); what is in information_schema is
-- no object. Lists that are equal to the letter are so without being searched.
with lists(class, oid, sub, owner, acl, kind) as (
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, 0, c.relowner, c.relacl,
           case when c.relkind operator(pg_catalog.=) 'S' then 's' else 'r' end
      from pg_catalog.pg_class c
     where c.relacl is not null and (c.oid operator(pg_catalog.>=) 16384 or c.relnamespace operator(pg_catalog.=) 11)
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, a.attnum, c.relowner, a.attacl, 'c'
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) a.attrelid
     where a.attacl is not null and not a.attisdropped
       and (c.oid operator(pg_catalog.>=) 16384 or c.relnamespace operator(pg_catalog.=) 11)
    union all
    select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, 0, p.proowner, p.proacl, 'f'
      from pg_catalog.pg_proc p where p.proacl is not null
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 0, t.typowner, t.typacl, 'T'
      from pg_catalog.pg_type t where t.typacl is not null
    union all
    select 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid, n.oid, 0, n.nspowner, n.nspacl, 'n'
      from pg_catalog.pg_namespace n
     where n.nspacl is not null
    union all
    select 'pg_catalog.pg_language'::pg_catalog.regclass::pg_catalog.oid, l.oid, 0, l.lanowner, l.lanacl, 'l'
      from pg_catalog.pg_language l where l.lanacl is not null
    union all
    select 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass::pg_catalog.oid, w.oid, 0, w.fdwowner, w.fdwacl, 'F'
      from pg_catalog.pg_foreign_data_wrapper w where w.fdwacl is not null and w.oid operator(pg_catalog.>=) 16384
    union all
    select 'pg_catalog.pg_foreign_server'::pg_catalog.regclass::pg_catalog.oid, s.oid, 0, s.srvowner, s.srvacl, 'S'
      from pg_catalog.pg_foreign_server s where s.srvacl is not null and s.oid operator(pg_catalog.>=) 16384
    union all
    select 'pg_catalog.pg_default_acl'::pg_catalog.regclass::pg_catalog.oid, d.oid, 0, d.defaclrole, d.defaclacl, null
      from pg_catalog.pg_default_acl d where d.oid operator(pg_catalog.>=) 16384
)
select g.class, g.oid,
       case when g.class operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
             and g.oid operator(pg_catalog.=) 11 then 1 else g.sub end as sub,
       g.grantee, g.grantor, g.privileges
  from (select l.class, l.oid, l.sub,
               case when g.grantee operator(pg_catalog.=) 0 then ''
                    when g.grantee operator(pg_catalog.=) l.owner then '@owner'
                    else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) end as grantee,
               case when g.grantor operator(pg_catalog.<>) l.owner
                    then pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantor)) end as grantor,
               pg_catalog.string_agg(pg_catalog.concat(g.privilege_type, case when g.is_grantable then '*' end), ', '
                                     order by g.privilege_type collate pg_catalog."C") as privileges
          from lists l
          left join pg_catalog.pg_init_privs i on i.classoid operator(pg_catalog.=) l.class
           and i.objoid operator(pg_catalog.=) l.oid and i.objsubid operator(pg_catalog.=) l.sub
           and l.oid operator(pg_catalog.<) 16384 and l.oid operator(pg_catalog.<>) 2200
          left join lateral pg_catalog.aclexplode(l.acl) g on true
         where l.kind is null
            or not ((i.initprivs is not null and l.acl operator(pg_catalog.=) i.initprivs)
                    or (l.acl operator(pg_catalog.@>) coalesce(i.initprivs, pg_catalog.acldefault(l.kind::pg_catalog."char", l.owner))
                        and l.acl operator(pg_catalog.<@) coalesce(i.initprivs, pg_catalog.acldefault(l.kind::pg_catalog."char", l.owner))))
         group by l.class, l.oid, l.sub, l.owner, g.grantee, g.grantor) g
 order by g.class, g.oid, g.sub, g.grantee collate pg_catalog."C", g.grantor collate pg_catalog."C"
