-- What the role that makes the objects may do: $1, or the one that is connected. $2 owns the
-- database they go to; null: the role that logged in.
select r.rolname,
       r.rolsuper,
       -- Hosted services let these do more than the catalogs say; which, only trying tells.
       exists (select from pg_catalog.pg_roles p
                where p.rolname operator(pg_catalog.=) any (array['rds_superuser', 'cloudsqlsuperuser', 'alloydbsuperuser',
                                                                  'azure_pg_admin', 'neon_superuser']::pg_catalog.name[])
                  and pg_catalog.pg_has_role(r.oid, p.oid, 'USAGE')),
       r.rolsuper or coalesce(pg_catalog.pg_has_role(r.oid, o.oid, 'USAGE'), false),
       exists (select from pg_catalog.pg_roles p
                where p.rolname operator(pg_catalog.=) 'pg_create_subscription'::pg_catalog.name
                  and pg_catalog.pg_has_role(r.oid, p.oid, 'USAGE')),
       l.rolsuper or l.rolcreatedb,
       l.rolname
  from pg_catalog.pg_roles r
  join pg_catalog.pg_roles l on l.rolname operator(pg_catalog.=) session_user
  left join pg_catalog.pg_roles o on o.rolname operator(pg_catalog.=) coalesce($2::pg_catalog.text::pg_catalog.name, session_user)
 where r.rolname operator(pg_catalog.=) coalesce($1::pg_catalog.text::pg_catalog.name, session_user)
