-- What default privileges gave to others on tables that were just made, which are those without
-- a comment yet, as statements that take it back. A table with rows was there before.
select pg_catalog.format('revoke all on %I.%I from %s', n.nspname, c.relname,
                         case when g.grantee operator(pg_catalog.=) 0 then 'public'
                              else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) end)
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 cross join lateral pg_catalog.aclexplode(c.relacl) g
 where n.nspname operator(pg_catalog.=) :'history_schema'
   and c.relname operator(pg_catalog.=) any (:history_names)
   and g.grantee operator(pg_catalog.<>) c.relowner
   and not exists (select from pg_catalog.pg_description d
                    where d.objoid operator(pg_catalog.=) c.oid
                      and d.classoid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                      and d.objsubid operator(pg_catalog.=) 0)
   and (c.relname operator(pg_catalog.<>) :'history' or not exists (select from :"history"))
 group by n.nspname, c.relname, g.grantee
