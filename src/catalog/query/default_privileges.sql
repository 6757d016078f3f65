-- What they grant is grants.sql's.
select d.oid,
       pg_catalog.concat('for ', pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole)),
           case when d.defaclnamespace operator(pg_catalog.<>) 0
                then pg_catalog.concat(' in ', d.defaclnamespace::pg_catalog.regnamespace) end,
           case when d.defaclobjtype operator(pg_catalog.=) 'r' then ' on tables'
                when d.defaclobjtype operator(pg_catalog.=) 'S' then ' on sequences'
                when d.defaclobjtype operator(pg_catalog.=) 'f' then ' on functions'
                when d.defaclobjtype operator(pg_catalog.=) 'T' then ' on types'
                when d.defaclobjtype operator(pg_catalog.=) 'n' then ' on schemas'
                else ' on large objects' end) as name
  from pg_catalog.pg_default_acl d
 where d.oid operator(pg_catalog.>=) 16384
