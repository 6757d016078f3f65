-- ALTER DATABASE ... SET and ALTER ROLE ... IN DATABASE ... SET.
select r.rolname, pg_catalog.split_part(c.entry, '=', 1),
       pg_catalog.substr(c.entry, pg_catalog.strpos(c.entry, '=') operator(pg_catalog.+) 1)
  from pg_catalog.pg_db_role_setting s
  join pg_catalog.pg_database d on d.oid operator(pg_catalog.=) s.setdatabase
  left join pg_catalog.pg_roles r on r.oid operator(pg_catalog.=) s.setrole
 cross join lateral pg_catalog.unnest(s.setconfig) as c(entry)
 where d.datname operator(pg_catalog.=) pg_catalog.current_database()
   and (s.setrole operator(pg_catalog.=) 0 or r.oid is not null)
 order by 1 nulls first, 2
