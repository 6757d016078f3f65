select t.oid,
       t.tmplnamespace as schema,
       pg_catalog.quote_ident(t.tmplname) as name,
       case when t.tmplinit::pg_catalog.oid operator(pg_catalog.<>) 0 then t.tmplinit end as init,
       t.tmpllexize as lexize
  from pg_catalog.pg_ts_template t
 where t.oid operator(pg_catalog.>=) 16384
