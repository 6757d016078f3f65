-- How far the slowest replica is behind, in milliseconds (null when there is none), and whether we
-- may not see: to a role without pg_monitor the server shows senders without their numbers.
select (extract(epoch from pg_catalog.max(replay_lag)) operator(pg_catalog.*) 1000)::bigint,
       not (pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage')
            or (select rolsuper from pg_catalog.pg_roles where rolname operator(pg_catalog.=) current_user))
  from pg_catalog.pg_stat_replication
