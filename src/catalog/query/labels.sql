select l.classoid as class, l.objoid as oid, l.objsubid as sub, l.provider, l.label
  from pg_catalog.pg_seclabel l
 where l.objoid operator(pg_catalog.>=) 16384
 order by l.classoid, l.objoid, l.objsubid, l.provider collate pg_catalog."C"
