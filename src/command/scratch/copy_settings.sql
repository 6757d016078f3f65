-- Gives a copy, $2, the settings of the database it was copied from, which stay behind.
insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
select copy.oid, s.setrole, s.setconfig
  from pg_catalog.pg_db_role_setting s
  join pg_catalog.pg_database original on original.oid operator(pg_catalog.=) s.setdatabase
                                      and original.datname operator(pg_catalog.=) $1::pg_catalog.name
  join pg_catalog.pg_database copy on copy.datname operator(pg_catalog.=) $2::pg_catalog.name
