-- What this session wrote is counted before its next question; since 15.
select pg_catalog.pg_stat_force_next_flush()
