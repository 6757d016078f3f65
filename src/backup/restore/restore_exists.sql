-- Whether a database has that name, and what is said of it.
select d.datname,
       (select s.description from pg_catalog.pg_shdescription s
         where s.objoid operator(pg_catalog.=) d.oid
           and s.classoid operator(pg_catalog.=) 'pg_catalog.pg_database'::pg_catalog.regclass)
  from pg_catalog.pg_database d
 where d.datname operator(pg_catalog.=) $1::pg_catalog.text
