select t.oid,
       t.typnamespace as schema,
       pg_catalog.quote_ident(t.typname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.typowner)) as owner,
       pg_catalog.format_type(t.typbasetype, t.typtypmod) as type,
       (select pg_catalog.format('%s.%I', k.collnamespace::pg_catalog.regnamespace, k.collname)
          from pg_catalog.pg_collation k
         where k.oid operator(pg_catalog.=) t.typcollation and b.typcollation operator(pg_catalog.<>) t.typcollation
       ) as collation,
       t.typnotnull as not_null,
       pg_catalog.pg_get_expr(t.typdefaultbin, 0) as "default"
  from pg_catalog.pg_type t
  join pg_catalog.pg_type b on b.oid operator(pg_catalog.=) t.typbasetype
 where t.typtype operator(pg_catalog.=) 'd' and t.oid operator(pg_catalog.>=) 16384
