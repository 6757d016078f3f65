-- Its version is left out: it is the operating system's.
select k.oid,
       k.collnamespace as schema,
       pg_catalog.quote_ident(k.collname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(k.collowner)) as owner,
       k.collprovider as provider,
       case when k.collencoding operator(pg_catalog.>=) 0
            then pg_catalog.pg_encoding_to_char(k.collencoding) end as encoding,
       not k.collisdeterministic as nondeterministic,
       k.colliculocale as locale, -- since 15 before 17
       k.colllocale as locale, -- since 17
       k.collicurules as rules, -- since 16
       k.collcollate as lc_collate,
       k.collctype as lc_ctype
  from pg_catalog.pg_collation k
 where k.oid operator(pg_catalog.>=) 16384
