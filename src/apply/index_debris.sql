-- What an interrupted REINDEX CONCURRENTLY leaves: invalid twins of indexes, not being built now.
select n.nspname, c.relname
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' and n.nspname <> 'pg_toast'
   and not exists (select 1 from pg_catalog.pg_stat_progress_create_index p where p.relid = i.indrelid)
