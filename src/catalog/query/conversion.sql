select c.oid,
       c.connamespace as schema,
       pg_catalog.quote_ident(c.conname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.conowner)) as owner,
       pg_catalog.pg_encoding_to_char(c.conforencoding) as source,
       pg_catalog.pg_encoding_to_char(c.contoencoding) as target,
       c.conproc as function,
       c.condefault as is_default
  from pg_catalog.pg_conversion c
 where c.oid operator(pg_catalog.>=) 16384
