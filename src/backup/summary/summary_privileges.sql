select coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
  from pg_catalog.pg_database d
 cross join lateral pg_catalog.aclexplode(d.datacl) a
  left join pg_catalog.pg_roles r on r.oid operator(pg_catalog.=) a.grantee
 where d.datname operator(pg_catalog.=) pg_catalog.current_database()
   and a.grantee operator(pg_catalog.<>) d.datdba and (a.grantee operator(pg_catalog.=) 0 or r.oid is not null)
 order by 1, 2
