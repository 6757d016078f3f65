-- The same for COPY, which shows itself from PostgreSQL 14 on.
select 'copy', null, pg_catalog.concat(p.tuples_processed, ' rows'), c.relname, null, p.bytes_processed,
       p.bytes_total, null, null
  from pg_catalog.pg_stat_progress_copy p
  left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) p.relid
 where p.pid operator(pg_catalog.=) $1::integer
