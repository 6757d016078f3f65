select n.oid,
       n.pnpubid as parent,
       n.pnnspid::pg_catalog.regnamespace as name
  from pg_catalog.pg_publication_namespace n
 where n.oid operator(pg_catalog.>=) 16384
