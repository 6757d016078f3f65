-- Options are seen by whom the view lets see them; secrets leave the server as hashes only.
select m.umid as oid,
       pg_catalog.format('for %s server %I', case when m.umuser operator(pg_catalog.=) 0 then 'public'
                         else pg_catalog.quote_ident(m.usename) end, m.srvname) as name,
       (select pg_catalog.string_agg(pg_catalog.format('%I %L', o.option_name,
                   case when o.option_name operator(pg_catalog.~*) 'pass|secret|token|key'
                        then pg_catalog.concat('sha256:', pg_catalog.encode(pg_catalog.sha256(
                                 pg_catalog.convert_to(o.option_value, 'UTF8')), 'hex'))
                        else o.option_value end), ', ' order by o.option_name collate pg_catalog."C")
          from pg_catalog.pg_options_to_table(m.umoptions) o) as options
  from pg_catalog.pg_user_mappings m
 where m.umid operator(pg_catalog.>=) 16384
