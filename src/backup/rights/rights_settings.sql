-- Of which of these roles the user who logged in may not change the settings.
select r.rolname
  from pg_catalog.pg_roles r
  join pg_catalog.pg_roles l on l.rolname operator(pg_catalog.=) session_user
 where r.rolname operator(pg_catalog.=) any ($1::pg_catalog.text[]::pg_catalog.name[])
   and r.oid operator(pg_catalog.<>) l.oid and not l.rolsuper
   and (r.rolsuper or not l.rolcreaterole
        or (pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog.>=) 160000
            and not pg_catalog.pg_has_role(l.oid, r.oid, 'MEMBER WITH ADMIN OPTION')))
