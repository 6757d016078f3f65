select s.oid,
       s.stxnamespace as schema,
       pg_catalog.quote_ident(s.stxname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.stxowner)) as owner,
       case when s.stxstattarget operator(pg_catalog.>=) 0 then s.stxstattarget end as target, -- since 13
       pg_catalog.substr(pg_catalog.pg_get_statisticsobjdef(s.oid), 1 operator(pg_catalog.+) pg_catalog.length(
           pg_catalog.concat('CREATE STATISTICS ', s.stxnamespace::pg_catalog.regnamespace, '.',
                             pg_catalog.quote_ident(s.stxname), ' '))) as definition
  from pg_catalog.pg_statistic_ext s
 where s.oid operator(pg_catalog.>=) 16384
