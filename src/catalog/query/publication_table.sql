select r.oid,
       r.prpubid as parent,
       (select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attname collate pg_catalog."C") -- since 15
          from pg_catalog.unnest(r.prattrs) k(attnum) -- since 15
          join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) r.prrelid -- since 15
           and a.attnum operator(pg_catalog.=) k.attnum) as columns, -- since 15
       pg_catalog.pg_get_expr(r.prqual, r.prrelid) as where, -- since 15
       r.prrelid::pg_catalog.regclass as name
  from pg_catalog.pg_publication_rel r
 where r.oid operator(pg_catalog.>=) 16384
