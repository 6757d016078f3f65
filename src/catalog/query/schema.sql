-- All schemas, those of the server and temporary ones too: what lies in them is named by them.
-- The schema public belongs to the role that ran initdb, before 15; its name differs between servers.
select n.oid,
       pg_catalog.quote_ident(n.nspname) as name,
       case when n.oid operator(pg_catalog.=) 2200 and n.nspowner operator(pg_catalog.=) 10 then '@server'
            else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(n.nspowner)) end as owner
  from pg_catalog.pg_namespace n
