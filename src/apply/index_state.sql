-- The index named $1 on the table $2 (as written), if there is one: is it valid, is it being built now?
select i.indisvalid, n.nspname, c.relname,
       exists (select 1 from pg_catalog.pg_stat_progress_create_index p
                where p.relid = i.indrelid and p.index_relid in (0, i.indexrelid))
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where i.indrelid = pg_catalog.to_regclass($2) and c.relname = $1
