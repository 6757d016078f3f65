-- How many rows the server has counted as written to its catalogs, as far as what is in them makes a schema: the same
-- number says that nothing was changed since, but for what a session wrote within the last second, or not committed.
-- Null where it counts otherwise: before 15 what a session wrote is counted at its end, a standby counts nothing.
-- Roles and subscriptions are the shared catalogs that count; statistics, large objects and the state of subscriptions
-- change by themselves.
select case when not pg_catalog.pg_is_in_recovery()
             and pg_catalog.current_setting('track_counts') operator(pg_catalog.=) 'on'
             and pg_catalog.current_setting('server_version_num')::integer operator(pg_catalog.>=) 150000
            then pg_catalog.sum(pg_catalog.pg_stat_get_tuples_inserted(c.oid)
                                operator(pg_catalog.+) pg_catalog.pg_stat_get_tuples_updated(c.oid)
                                operator(pg_catalog.+) pg_catalog.pg_stat_get_tuples_deleted(c.oid))::bigint end
  from pg_catalog.pg_class c
 where c.oid operator(pg_catalog.<) 16384::pg_catalog.oid
   and c.relnamespace operator(pg_catalog.=) 11::pg_catalog.oid
   and c.relkind operator(pg_catalog.=) 'r'
   and (not c.relisshared or c.oid operator(pg_catalog.=) any ('{1260,6100}'::pg_catalog.oid[]))
   and not c.oid operator(pg_catalog.=) any ('{2613,2619,2995,3429,6102}'::pg_catalog.oid[])
