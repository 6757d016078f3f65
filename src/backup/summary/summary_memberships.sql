-- Which roles may give things to the roles $1: for a drill as one of them. Superusers may anyway.
select m.rolname, r.rolname
  from pg_catalog.unnest($1::pg_catalog.text[]) as w(name)
  join pg_catalog.pg_roles r on r.rolname operator(pg_catalog.=) w.name::pg_catalog.name
  join pg_catalog.pg_roles m on m.oid operator(pg_catalog.<>) r.oid and not m.rolsuper
 where m.rolname operator(pg_catalog.!~) '^pg_'
   and pg_catalog.pg_has_role(m.oid, r.oid,
                              case when pg_catalog.current_setting('server_version_num')::pg_catalog.int4
                                        operator(pg_catalog.>=) 160000
                                   then 'SET' else 'MEMBER' end)
 order by 1, 2
