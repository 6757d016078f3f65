select w.oid,
       pg_catalog.quote_ident(w.fdwname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(w.fdwowner)) as owner,
       case when w.fdwhandler operator(pg_catalog.<>) 0 then w.fdwhandler::pg_catalog.regproc end as handler,
       case when w.fdwvalidator operator(pg_catalog.<>) 0 then w.fdwvalidator::pg_catalog.regproc end as validator,
       (select pg_catalog.string_agg(pg_catalog.format('%I %L', o.option_name, o.option_value), ', '
                                     order by o.option_name collate pg_catalog."C")
          from pg_catalog.pg_options_to_table(w.fdwoptions) o) as options
  from pg_catalog.pg_foreign_data_wrapper w
 where w.oid operator(pg_catalog.>=) 16384
