select d.oid,
       d.dictnamespace as schema,
       pg_catalog.quote_ident(d.dictname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.dictowner)) as owner,
       (select pg_catalog.format('%s.%I', t.tmplnamespace::pg_catalog.regnamespace, t.tmplname)
          from pg_catalog.pg_ts_template t where t.oid operator(pg_catalog.=) d.dicttemplate) as template,
       d.dictinitoption as options
  from pg_catalog.pg_ts_dict d
 where d.oid operator(pg_catalog.>=) 16384
