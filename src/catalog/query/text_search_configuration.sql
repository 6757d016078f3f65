select c.oid,
       c.cfgnamespace as schema,
       pg_catalog.quote_ident(c.cfgname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.cfgowner)) as owner,
       (select pg_catalog.format('%s.%I', p.prsnamespace::pg_catalog.regnamespace, p.prsname)
          from pg_catalog.pg_ts_parser p where p.oid operator(pg_catalog.=) c.cfgparser) as parser,
       (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', pg_catalog.quote_ident(t.alias), m.dictionaries), E'\n' order by t.alias collate pg_catalog."C")
          from (select g.maptokentype,
                       pg_catalog.string_agg(g.mapdict::pg_catalog.regdictionary::pg_catalog.text, ', ' order by g.mapseqno)
                           as dictionaries
                  from pg_catalog.pg_ts_config_map g
                 where g.mapcfg operator(pg_catalog.=) c.oid
                 group by g.maptokentype) m
          join pg_catalog.ts_token_type(c.cfgparser) t on t.tokid operator(pg_catalog.=) m.maptokentype) as mappings
  from pg_catalog.pg_ts_config c
 where c.oid operator(pg_catalog.>=) 16384
