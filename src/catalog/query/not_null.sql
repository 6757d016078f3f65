-- A column has one at most; a name that says no more than what it is about is as good as none.
select n.oid,
       case when n.conrelid operator(pg_catalog.<>) 0 then 'pg_catalog.pg_class'::pg_catalog.regclass
            else 'pg_catalog.pg_type'::pg_catalog.regclass end::pg_catalog.oid as parent_class,
       case when n.conrelid operator(pg_catalog.<>) 0 then n.conrelid else n.contypid end as parent,
       coalesce(n.conkey[1], 0) as parent_sub,
       case when n.conname operator(pg_catalog.!~) '_not_null[0-9]*$'
              or (a.attname is not null
                  and pg_catalog.strpos(n.conname, pg_catalog.concat('_', pg_catalog.left(a.attname, 20)))
                      operator(pg_catalog.=) 0)
            then pg_catalog.quote_ident(n.conname) end as constraint_name,
       pg_catalog.quote_ident(n.conname) as real_name,
       n.connoinherit as no_inherit,
       not n.convalidated as not_valid
  from pg_catalog.pg_constraint n
  left join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) n.conrelid
   and a.attnum operator(pg_catalog.=) n.conkey[1]
 where n.oid operator(pg_catalog.>=) 16384 and n.contype operator(pg_catalog.=) 'n'
   and (n.conislocal or n.conrelid operator(pg_catalog.=) 0)
