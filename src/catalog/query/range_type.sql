select t.oid,
       t.typnamespace as schema,
       pg_catalog.quote_ident(t.typname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.typowner)) as owner,
       pg_catalog.format_type(r.rngsubtype, null) as subtype,
       case when not o.opcdefault
            then pg_catalog.format('%s.%I', o.opcnamespace::pg_catalog.regnamespace, o.opcname) end as subtype_opclass,
       (select pg_catalog.format('%s.%I', k.collnamespace::pg_catalog.regnamespace, k.collname)
          from pg_catalog.pg_collation k
         where k.oid operator(pg_catalog.=) r.rngcollation and b.typcollation operator(pg_catalog.<>) r.rngcollation
       ) as collation,
       pg_catalog.format_type(r.rngmultitypid, null) as multirange, -- since 14
       case when r.rngcanonical::pg_catalog.oid operator(pg_catalog.<>) 0 then r.rngcanonical end as canonical,
       case when r.rngsubdiff::pg_catalog.oid operator(pg_catalog.<>) 0 then r.rngsubdiff end as subtype_diff
  from pg_catalog.pg_type t
  join pg_catalog.pg_range r on r.rngtypid operator(pg_catalog.=) t.oid
  join pg_catalog.pg_type b on b.oid operator(pg_catalog.=) r.rngsubtype
  join pg_catalog.pg_opclass o on o.oid operator(pg_catalog.=) r.rngsubopc
 where t.oid operator(pg_catalog.>=) 16384
