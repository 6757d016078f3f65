-- Those made by CREATE TYPE; the row type of a table goes with its table.
select t.oid,
       t.typnamespace as schema,
       pg_catalog.quote_ident(t.typname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.typowner)) as owner
  from pg_catalog.pg_type t
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) t.typrelid and c.relkind operator(pg_catalog.=) 'c'
 where t.typtype operator(pg_catalog.=) 'c' and t.oid operator(pg_catalog.>=) 16384
