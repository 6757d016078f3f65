-- Tablespaces that things of this database lie in by name; its own default one not counted.
select distinct t.spcname
  from pg_catalog.pg_class c
  join pg_catalog.pg_tablespace t on t.oid operator(pg_catalog.=) c.reltablespace
 where c.oid operator(pg_catalog.>=) 16384
 order by 1
