-- Who holds the deployers' lock, since when, doing what.
select a.pid, a.usename, a.application_name, coalesce(a.client_addr::pg_catalog.text, 'local'),
       (extract(epoch from pg_catalog.clock_timestamp() operator(pg_catalog.-) a.backend_start))::bigint, a.state,
       pg_catalog.left(a.query, 80)
  from pg_catalog.pg_locks l
  join pg_catalog.pg_stat_activity a on a.pid operator(pg_catalog.=) l.pid
 where l.locktype operator(pg_catalog.=) 'advisory' and l.granted and l.objsubid operator(pg_catalog.=) 1
   and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                           where d.datname operator(pg_catalog.=) pg_catalog.current_database())
   and (l.classid::bigint operator(pg_catalog.<<) 32 operator(pg_catalog.|) l.objid::bigint)
       operator(pg_catalog.=) $1::bigint
