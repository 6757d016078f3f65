-- Who has had rows of the table for longest: the oldest open transaction that locks rows or more.
select a.pid, a.usename, a.application_name, a.state,
       (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::bigint
  from pg_catalog.pg_locks l
  join pg_catalog.pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'relation' and l.granted and l.relation = $1::text::regclass
   and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
   and l.mode <> 'AccessShareLock' and l.pid <> pg_catalog.pg_backend_pid()
 order by a.xact_start, a.pid
 limit 1
