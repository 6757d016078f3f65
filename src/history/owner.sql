-- Whose the table $1 is.
select pg_catalog.pg_get_userbyid(c.relowner)
  from pg_catalog.pg_class c
 where c.oid operator(pg_catalog.=) pg_catalog.to_regclass($1)
