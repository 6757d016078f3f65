-- The index named $1 on the table $2 (as written), if there is one: is it valid, and who may be building
-- it now? A build holds this lock on the table from its beginning to its end, and everybody may see locks,
-- which is not so for its row of progress. Autovacuum, which is no user's, takes the same lock.
select i.indisvalid, n.nspname, c.relname,
       (select min(l.pid)
          from pg_catalog.pg_locks l
          join pg_catalog.pg_stat_activity a on a.pid = l.pid
         where l.locktype = 'relation' and l.relation = i.indrelid and l.mode = 'ShareUpdateExclusiveLock'
           and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
           and l.granted and l.pid <> pg_catalog.pg_backend_pid() and a.usesysid is not null)
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where i.indrelid = pg_catalog.to_regclass($2) and c.relname = $1
