-- The same for a printed script: psql runs what comes out.
select pg_catalog.format('CREATE SCHEMA %I', :'history_schema')
 where not exists (select from pg_catalog.pg_namespace n
                    where n.nspname operator(pg_catalog.=) :'history_schema')
