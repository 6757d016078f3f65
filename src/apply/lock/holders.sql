-- Who has held a lock on a table of users for longer than a moment, in an open transaction. A
-- partition also stands for its parent. $1 is our own backend, $2 the moment in milliseconds.
select n.nspname, c.relname, p.relname, l.mode, a.pid, a.usename, a.application_name, a.state,
       (extract(epoch from pg_catalog.clock_timestamp() operator(pg_catalog.-) a.xact_start)
        operator(pg_catalog.*) 1000)::bigint,
       pg_catalog.left(a.query, 80), a.backend_type operator(pg_catalog.=) 'autovacuum worker',
       (select setting::bigint from pg_catalog.pg_settings where name operator(pg_catalog.=) 'deadlock_timeout')
  from pg_catalog.pg_locks l
  join pg_catalog.pg_stat_activity a on a.pid operator(pg_catalog.=) l.pid
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) l.relation
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
  left join pg_catalog.pg_inherits i on i.inhrelid operator(pg_catalog.=) c.oid
  left join pg_catalog.pg_class p on p.oid operator(pg_catalog.=) i.inhparent
 where l.locktype operator(pg_catalog.=) 'relation' and l.granted and l.pid operator(pg_catalog.<>) $1::integer
   and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                           where d.datname operator(pg_catalog.=) pg_catalog.current_database())
   and n.nspname operator(pg_catalog.<>) all ('{pg_catalog,pg_toast,information_schema}')
   and a.xact_start operator(pg_catalog.<) (pg_catalog.clock_timestamp() operator(pg_catalog.-)
                                            ($2::bigint operator(pg_catalog.*) interval '1 millisecond'))
 order by a.xact_start, a.pid
