-- Roles this database's objects speak of, and its owner.
select r.rolname
  from pg_catalog.pg_roles r
 where r.rolname !~ '^pg_'
   and (r.oid in (select s.refobjid
                    from pg_catalog.pg_shdepend s
                   where s.refclassid = 'pg_catalog.pg_authid'::regclass
                     and s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
        -- What belongs to the first superuser (10) is in no list.
        or (r.oid = 10 and (exists (select from pg_catalog.pg_class c where c.relowner = r.oid and c.oid >= 16384)
                            or exists (select from pg_catalog.pg_proc p where p.proowner = r.oid and p.oid >= 16384)
                            or exists (select from pg_catalog.pg_namespace n where n.nspowner = r.oid and n.oid >= 16384)))
        or r.oid = (select d.datdba from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
 order by 1
