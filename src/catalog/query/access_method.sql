select a.oid,
       pg_catalog.quote_ident(a.amname) as name,
       case when a.amtype operator(pg_catalog.=) 't' then 'table' else 'index' end as type,
       a.amhandler::pg_catalog.regproc as handler
  from pg_catalog.pg_am a
 where a.oid operator(pg_catalog.>=) 16384
