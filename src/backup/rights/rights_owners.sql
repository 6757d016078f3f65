-- To which of these roles the role $1 may not give what it makes.
select w.name
  from pg_catalog.unnest($2::pg_catalog.text[]) as w(name)
  join pg_catalog.pg_roles o on o.rolname operator(pg_catalog.=) w.name::pg_catalog.name
  join pg_catalog.pg_roles r on r.rolname operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.name
 where not r.rolsuper
   and not pg_catalog.pg_has_role(r.oid, o.oid,
                                  case when pg_catalog.current_setting('server_version_num')::pg_catalog.int4
                                            operator(pg_catalog.>=) 160000
                                       then 'SET' else 'MEMBER' end)
