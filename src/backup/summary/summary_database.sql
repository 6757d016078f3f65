-- The database itself. Columns differ between versions, so it is asked for as JSON.
select d.datname, pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_encoding_to_char(d.encoding),
       d.datcollate, d.datctype,
       coalesce(pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datlocprovider', 'c'),
       coalesce(pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datlocale',
                pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'daticulocale'),
       pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'daticurules',
       (select s.description from pg_catalog.pg_shdescription s
         where s.objoid operator(pg_catalog.=) d.oid
           and s.classoid operator(pg_catalog.=) 'pg_catalog.pg_database'::pg_catalog.regclass),
       d.datacl is not null,
       (select pg_catalog.count(*) from pg_catalog.pg_largeobject_metadata),
       d.datconnlimit,
       case when t.spcname operator(pg_catalog.<>) 'pg_default' then t.spcname end,
       pg_catalog.pg_database_size(d.oid)
  from pg_catalog.pg_database d
  join pg_catalog.pg_tablespace t on t.oid operator(pg_catalog.=) d.dattablespace
 where d.datname operator(pg_catalog.=) pg_catalog.current_database()
