select t.oid,
       t.typnamespace as schema,
       pg_catalog.quote_ident(t.typname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.typowner)) as owner,
       (select pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
          from pg_catalog.pg_enum e where e.enumtypid operator(pg_catalog.=) t.oid) as "values"
  from pg_catalog.pg_type t
 where t.typtype operator(pg_catalog.=) 'e' and t.oid operator(pg_catalog.>=) 16384
