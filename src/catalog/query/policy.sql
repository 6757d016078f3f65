select p.oid,
       p.polrelid as parent,
       pg_catalog.quote_ident(p.polname) as name,
       case when p.polcmd operator(pg_catalog.=) 'r' then 'select'
            when p.polcmd operator(pg_catalog.=) 'a' then 'insert'
            when p.polcmd operator(pg_catalog.=) 'w' then 'update'
            when p.polcmd operator(pg_catalog.=) 'd' then 'delete' end as command,
       not p.polpermissive as restrictive,
       case when p.polroles operator(pg_catalog.<>) '{0}'
            then (select pg_catalog.string_agg(pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.oid)), ', '
                             order by pg_catalog.pg_get_userbyid(r.oid) collate pg_catalog."C")
                    from pg_catalog.unnest(p.polroles) r(oid)) end as roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using,
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as with_check
  from pg_catalog.pg_policy p
 where p.oid operator(pg_catalog.>=) 16384
