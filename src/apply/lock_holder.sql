-- Who holds the deployers' lock, since when, doing what.
select a.pid, a.usename, a.application_name, coalesce(a.client_addr::text, 'local'),
       (extract(epoch from clock_timestamp() - a.backend_start))::bigint, a.state,
       left(a.query, 80)
  from pg_catalog.pg_locks l
  join pg_catalog.pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'advisory' and l.granted and l.objsubid = 1
   and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
   and (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint
