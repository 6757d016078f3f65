-- Roles this database's objects speak of, and its owner.
select r.rolname
  from pg_catalog.pg_roles r
 where r.rolname operator(pg_catalog.!~) '^pg_'
   and (r.oid operator(pg_catalog.=) any (
            select s.refobjid
              from pg_catalog.pg_shdepend s
             where s.refclassid operator(pg_catalog.=) 'pg_catalog.pg_authid'::pg_catalog.regclass
               and s.dbid operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                                   where d.datname operator(pg_catalog.=) pg_catalog.current_database()))
        -- What belongs to the first superuser (10) is in no list.
        or (r.oid operator(pg_catalog.=) 10
            and (exists (select from pg_catalog.pg_class c
                          where c.relowner operator(pg_catalog.=) r.oid and c.oid operator(pg_catalog.>=) 16384)
                 or exists (select from pg_catalog.pg_proc p
                             where p.proowner operator(pg_catalog.=) r.oid and p.oid operator(pg_catalog.>=) 16384)
                 or exists (select from pg_catalog.pg_namespace n
                             where n.nspowner operator(pg_catalog.=) r.oid and n.oid operator(pg_catalog.>=) 16384)))
        or r.oid operator(pg_catalog.=) (select d.datdba from pg_catalog.pg_database d
                                          where d.datname operator(pg_catalog.=) pg_catalog.current_database()))
 order by 1
