select d.classoid as class, d.objoid as oid, d.objsubid as sub, d.description
  from pg_catalog.pg_description d
 where d.objoid operator(pg_catalog.>=) 16384
    or (d.objoid operator(pg_catalog.=) 2200
        and d.classoid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass)
