-- Who has held a lock on a table of users for longer than a moment, in an open transaction. A
-- partition also stands for its parent. $1 is our own backend, $2 the moment in milliseconds.
select n.nspname, c.relname, p.relname, l.mode, a.pid, a.usename, a.application_name, a.state,
       (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::bigint,
       left(a.query, 80), a.backend_type = 'autovacuum worker',
       (select setting::bigint from pg_catalog.pg_settings where name = 'deadlock_timeout')
  from pg_catalog.pg_locks l
  join pg_catalog.pg_stat_activity a on a.pid = l.pid
  join pg_catalog.pg_class c on c.oid = l.relation
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_inherits i on i.inhrelid = c.oid
  left join pg_catalog.pg_class p on p.oid = i.inhparent
 where l.locktype = 'relation' and l.granted and l.pid <> $1::integer
   and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
   and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')
   and a.xact_start < clock_timestamp() - $2::bigint * interval '1 millisecond'
 order by a.xact_start, a.pid
