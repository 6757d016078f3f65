-- Roles this database's objects speak of, and its owner.
select r.rolname
  from pg_catalog.pg_roles r
 where r.rolname !~ '^pg_'
   and (r.oid in (select s.refobjid
                    from pg_catalog.pg_shdepend s
                   where s.refclassid = 'pg_catalog.pg_authid'::regclass
                     and s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
        or r.oid = (select d.datdba from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
 order by 1
