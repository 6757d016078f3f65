select p.oid,
       p.prsnamespace as schema,
       pg_catalog.quote_ident(p.prsname) as name,
       p.prsstart as start,
       p.prstoken as token,
       p.prsend as "end",
       case when p.prsheadline::pg_catalog.oid operator(pg_catalog.<>) 0 then p.prsheadline end as headline,
       p.prslextype as lextypes
  from pg_catalog.pg_ts_parser p
 where p.oid operator(pg_catalog.>=) 16384
