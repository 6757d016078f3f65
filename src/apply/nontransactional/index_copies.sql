-- What an interrupted REINDEX CONCURRENTLY of the index or table $1, of the schema $2 (as written) or, where
-- $3 is, of the whole database leaves: invalid copies of its indexes. A long name was cut to make room for
-- the copy's ending. Columns as in index_state.sql.
with targets as (
    select pg_catalog.to_regclass($1)::pg_catalog.oid as oid
    union
    select t.relid::pg_catalog.oid from pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)) t),
copies as (
    select i.indrelid, i.indisvalid, n.oid as schema_oid, n.nspname, c.relname,
           pg_catalog.regexp_replace(c.relname::pg_catalog.text, '_cc(new|old)[0-9]*$', '') as original
      from pg_catalog.pg_index i
      join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where not i.indisvalid and c.relname operator(pg_catalog.~) '_cc(new|old)[0-9]*$'
       and n.nspname operator(pg_catalog.<>) 'pg_toast')
select t.indisvalid, t.nspname, t.relname,
       (select pg_catalog.min(l.pid)
          from pg_catalog.pg_locks l
          join pg_catalog.pg_stat_activity a on a.pid operator(pg_catalog.=) l.pid
         where l.locktype operator(pg_catalog.=) 'relation' and l.relation operator(pg_catalog.=) t.indrelid
           and l.mode operator(pg_catalog.=) 'ShareUpdateExclusiveLock'
           and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                                   where d.datname operator(pg_catalog.=) pg_catalog.current_database())
           and l.granted and l.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid() and a.usesysid is not null)
  from copies t
 where exists (
     select 1
       from pg_catalog.pg_index i
       join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
      where i.indrelid operator(pg_catalog.=) t.indrelid
        and (c.relname operator(pg_catalog.=) t.original
             or pg_catalog.octet_length(t.relname::pg_catalog.text) operator(pg_catalog.>=) 60
                and pg_catalog.starts_with(c.relname::pg_catalog.text, t.original))
        and (i.indexrelid operator(pg_catalog.=) any (select oid from targets)
             or i.indrelid operator(pg_catalog.=) any (select oid from targets)
             or t.schema_oid operator(pg_catalog.=) pg_catalog.to_regnamespace($2)
             or $3::boolean))
 order by t.nspname, t.relname
