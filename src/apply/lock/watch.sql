-- What the backend $1 is doing for so long: who blocks it, or how far its work has come. The last column:
-- the blocker is a client that holds what is waited for, not one that waits for it too, further ahead.
select * from (
select 'blocked', b.pid, b.usename, b.application_name, b.state,
       (extract(epoch from pg_catalog.clock_timestamp() operator(pg_catalog.-) b.xact_start)
        operator(pg_catalog.*) 1000)::bigint, null::bigint, pg_catalog.left(b.query, 80),
       coalesce(b.backend_type operator(pg_catalog.=) 'client backend', false) and exists (
           select 1
             from pg_catalog.pg_locks w
             join pg_catalog.pg_locks h on h.pid operator(pg_catalog.=) b.pid and h.granted
              and h.locktype operator(pg_catalog.=) w.locktype
              and row(h.database, h.relation, h.page, h.tuple, h.virtualxid, h.transactionid, h.classid, h.objid,
                      h.objsubid)::pg_catalog.text
                  operator(pg_catalog.=)
                  row(w.database, w.relation, w.page, w.tuple, w.virtualxid, w.transactionid, w.classid, w.objid,
                      w.objsubid)::pg_catalog.text
            where w.pid operator(pg_catalog.=) $1::integer and not w.granted)
  from pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::integer)) as blocking(pid)
  join pg_catalog.pg_stat_activity b on b.pid operator(pg_catalog.=) blocking.pid
 order by b.xact_start, b.pid) as blockers
union all
select 'index', null, p.phase, c.relname, null,
       case when p.blocks_total operator(pg_catalog.>) 0 then p.blocks_done
            when p.tuples_total operator(pg_catalog.>) 0 then p.tuples_done
            else p.lockers_done end,
       case when p.blocks_total operator(pg_catalog.>) 0 then p.blocks_total
            when p.tuples_total operator(pg_catalog.>) 0 then p.tuples_total
            else p.lockers_total end, null, null
  from pg_catalog.pg_stat_progress_create_index p
  left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) p.relid
 where p.pid operator(pg_catalog.=) $1::integer
union all
select 'vacuum', null, p.phase, c.relname, null, p.heap_blks_scanned, p.heap_blks_total, null, null
  from pg_catalog.pg_stat_progress_vacuum p
  left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) p.relid
 where p.pid operator(pg_catalog.=) $1::integer
union all
select 'cluster', null, p.phase, c.relname, null, p.heap_blks_scanned, p.heap_blks_total, null, null
  from pg_catalog.pg_stat_progress_cluster p
  left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) p.relid
 where p.pid operator(pg_catalog.=) $1::integer
