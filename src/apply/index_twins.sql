-- What an interrupted REINDEX CONCURRENTLY of the index or table $1, of the schema $2 (as written) or, where
-- $3 is, of the whole database leaves: invalid twins of its indexes. A long name was cut to make room for
-- the twin's ending. Columns as in index_state.sql.
with targets as (
    select pg_catalog.to_regclass($1)::oid as oid
    union
    select t.relid::oid from pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)) t),
twins as (
    select i.indrelid, i.indisvalid, n.oid as schema_oid, n.nspname, c.relname,
           pg_catalog.regexp_replace(c.relname::text, '_cc(new|old)[0-9]*$', '') as original
      from pg_catalog.pg_index i
      join pg_catalog.pg_class c on c.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' and n.nspname <> 'pg_toast')
select t.indisvalid, t.nspname, t.relname,
       (select min(l.pid)
          from pg_catalog.pg_locks l
          join pg_catalog.pg_stat_activity a on a.pid = l.pid
         where l.locktype = 'relation' and l.relation = t.indrelid and l.mode = 'ShareUpdateExclusiveLock'
           and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
           and l.granted and l.pid <> pg_catalog.pg_backend_pid() and a.usesysid is not null)
  from twins t
 where exists (
     select 1
       from pg_catalog.pg_index i
       join pg_catalog.pg_class c on c.oid = i.indexrelid
      where i.indrelid = t.indrelid
        and (c.relname = t.original
             or pg_catalog.octet_length(t.relname::text) >= 60
                and pg_catalog.starts_with(c.relname::text, t.original))
        and (i.indexrelid in (select oid from targets)
             or i.indrelid in (select oid from targets)
             or t.schema_oid = pg_catalog.to_regnamespace($2)
             or $3::boolean))
 order by t.nspname, t.relname
