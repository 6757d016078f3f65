-- Left out is what a child has of its parent: checks, and the foreign keys that partitioning multiplies.
-- Not null is not_null.sql's.
select n.oid,
       case when n.conrelid operator(pg_catalog.<>) 0 then 'pg_catalog.pg_class'::pg_catalog.regclass
            else 'pg_catalog.pg_type'::pg_catalog.regclass end::pg_catalog.oid as parent_class,
       case when n.conrelid operator(pg_catalog.<>) 0 then n.conrelid else n.contypid end as parent,
       pg_catalog.quote_ident(n.conname) as name,
       case when n.contype operator(pg_catalog.=) 'p' then 'primary key'
            when n.contype operator(pg_catalog.=) 'u' then 'unique'
            when n.contype operator(pg_catalog.=) 'x' then 'exclude'
            when n.contype operator(pg_catalog.=) 'f' then 'foreign key' else 'check' end as type,
       n.conparentid operator(pg_catalog.<>) 0 as inherited,
       pg_catalog.pg_get_constraintdef(n.oid) as definition
  from pg_catalog.pg_constraint n
 where n.oid operator(pg_catalog.>=) 16384
   and (n.contype operator(pg_catalog.=) any ('{p,u,x}')
        or (n.contype operator(pg_catalog.=) 'f' and n.conparentid operator(pg_catalog.=) 0)
        or (n.contype operator(pg_catalog.=) 'c' and n.conislocal))
