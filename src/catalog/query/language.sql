select l.oid,
       pg_catalog.quote_ident(l.lanname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(l.lanowner)) as owner,
       l.lanpltrusted as trusted,
       case when l.lanplcallfoid operator(pg_catalog.<>) 0 then l.lanplcallfoid::pg_catalog.regproc end as handler,
       case when l.laninline operator(pg_catalog.<>) 0 then l.laninline::pg_catalog.regproc end as inline,
       case when l.lanvalidator operator(pg_catalog.<>) 0 then l.lanvalidator::pg_catalog.regproc end as validator
  from pg_catalog.pg_language l
 where l.oid operator(pg_catalog.>=) 16384
