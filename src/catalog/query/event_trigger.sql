select t.oid,
       pg_catalog.quote_ident(t.evtname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.evtowner)) as owner,
       t.evtevent as event,
       t.evtfoid::pg_catalog.regproc as function,
       case when t.evtenabled operator(pg_catalog.=) 'D' then 'disabled'
            when t.evtenabled operator(pg_catalog.=) 'R' then 'replica'
            when t.evtenabled operator(pg_catalog.=) 'A' then 'always' end as enabled,
       (select pg_catalog.string_agg(pg_catalog.quote_literal(g.tag), ', ' order by g.at)
          from pg_catalog.unnest(t.evttags) with ordinality g(tag, at)) as tags
  from pg_catalog.pg_event_trigger t
 where t.oid operator(pg_catalog.>=) 16384
