-- Whether a database has that name, and what is said of it.
select d.datname, pg_catalog.shobj_description(d.oid, 'pg_database')
  from pg_catalog.pg_database d
 where d.datname operator(pg_catalog.=) $1::pg_catalog.text
