select s.oid,
       pg_catalog.quote_ident(s.srvname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.srvowner)) as owner,
       pg_catalog.quote_ident(w.fdwname) as wrapper,
       s.srvtype as type,
       s.srvversion as version,
       (select pg_catalog.string_agg(pg_catalog.format('%I %L', o.option_name, o.option_value), ', '
                                     order by o.option_name collate pg_catalog."C")
          from pg_catalog.pg_options_to_table(s.srvoptions) o) as options
  from pg_catalog.pg_foreign_server s
  join pg_catalog.pg_foreign_data_wrapper w on w.oid operator(pg_catalog.=) s.srvfdw
 where s.oid operator(pg_catalog.>=) 16384
