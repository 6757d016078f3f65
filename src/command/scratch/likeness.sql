-- What a new database needs to be told to sort and store text as this one does. Columns have come and got
-- other names, so they are looked up by name.
select pg_catalog.pg_encoding_to_char(d.encoding) as encoding, d.datcollate::pg_catalog.text as "collate",
       d.datctype::pg_catalog.text as ctype,
       pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datlocprovider'::pg_catalog.text as provider,
       coalesce(pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datlocale'::pg_catalog.text,
                pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'daticulocale'::pg_catalog.text) as locale,
       pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'daticurules'::pg_catalog.text as rules
  from pg_catalog.pg_database d
 where d.datname operator(pg_catalog.=) pg_catalog.current_database()
