-- Of columns, and the expressions of generated ones.
select d.oid,
       d.adrelid as parent,
       d.adnum as parent_sub,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) as definition
  from pg_catalog.pg_attrdef d
 where d.oid operator(pg_catalog.>=) 16384
