-- Whether we may make databases, whether this one exists, and whether it is ours to rename.
select r.rolsuper or r.rolcreatedb,
       d.oid is not null,
       r.rolsuper or coalesce(pg_catalog.pg_has_role(d.datdba, 'USAGE'), false)
  from pg_catalog.pg_roles r
  left join pg_catalog.pg_database d on d.datname operator(pg_catalog.=) $1::pg_catalog.text
 where r.rolname operator(pg_catalog.=) current_user
