-- The index named $1 on the table $2 (as written), if there is one: is it valid, and who may be building
-- it now? A build holds this lock on the table from its beginning to its end, and everybody may see locks,
-- which is not so for its row of progress. Autovacuum, which is no user's, takes the same lock.
select i.indisvalid, n.nspname, c.relname,
       (select pg_catalog.min(l.pid)
          from pg_catalog.pg_locks l
          join pg_catalog.pg_stat_activity a on a.pid operator(pg_catalog.=) l.pid
         where l.locktype operator(pg_catalog.=) 'relation' and l.relation operator(pg_catalog.=) i.indrelid
           and l.mode operator(pg_catalog.=) 'ShareUpdateExclusiveLock'
           and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                                   where d.datname operator(pg_catalog.=) pg_catalog.current_database())
           and l.granted and l.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid() and a.usesysid is not null)
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where i.indrelid operator(pg_catalog.=) pg_catalog.to_regclass($2) and c.relname operator(pg_catalog.=) $1
