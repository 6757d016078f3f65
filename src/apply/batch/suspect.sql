-- Who has had rows of the table for longest: the oldest open transaction that locks rows or more.
select a.pid, a.usename, a.application_name, a.state,
       (extract(epoch from pg_catalog.clock_timestamp() operator(pg_catalog.-) a.xact_start)
        operator(pg_catalog.*) 1000)::bigint
  from pg_catalog.pg_locks l
  join pg_catalog.pg_stat_activity a on a.pid operator(pg_catalog.=) l.pid
 where l.locktype operator(pg_catalog.=) 'relation' and l.granted
   and l.relation operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
   and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                           where d.datname operator(pg_catalog.=) pg_catalog.current_database())
   and l.mode operator(pg_catalog.<>) 'AccessShareLock'
   and l.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid()
 order by a.xact_start, a.pid
 limit 1
