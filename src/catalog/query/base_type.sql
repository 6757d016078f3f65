-- Types in C, and shells: those that are named and not yet made. Array types go with their elements.
select t.oid,
       t.typnamespace as schema,
       pg_catalog.quote_ident(t.typname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.typowner)) as owner,
       not t.typisdefined as shell,
       case when t.typisdefined then t.typlen end as length,
       t.typbyval as by_value,
       case when t.typisdefined then t.typalign end as alignment,
       case when t.typisdefined then t.typstorage end as storage,
       case when t.typisdefined then t.typcategory end as category,
       t.typispreferred as preferred,
       case when t.typdelim operator(pg_catalog.<>) ',' then t.typdelim end as delimiter,
       t.typcollation operator(pg_catalog.<>) 0 as collatable,
       case when t.typelem operator(pg_catalog.<>) 0 then pg_catalog.format_type(t.typelem, null) end as element,
       pg_catalog.quote_literal(t.typdefault) as "default",
       case when t.typinput::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typinput end as input,
       case when t.typoutput::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typoutput end as output,
       case when t.typreceive::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typreceive end as receive,
       case when t.typsend::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typsend end as send,
       case when t.typmodin::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typmodin end as typmod_in,
       case when t.typmodout::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typmodout end as typmod_out,
       case when t.typsubscript::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typsubscript end as subscript, -- since 14
       case when t.typanalyze::pg_catalog.oid operator(pg_catalog.<>) 0 then t.typanalyze end as "analyze"
  from pg_catalog.pg_type t
 where (t.typtype operator(pg_catalog.=) 'b' or (t.typtype operator(pg_catalog.=) 'p' and not t.typisdefined))
   and t.oid operator(pg_catalog.>=) 16384
   and not exists (select from pg_catalog.pg_type e
                    where e.oid operator(pg_catalog.=) t.typelem and e.typarray operator(pg_catalog.=) t.oid)
