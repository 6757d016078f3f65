-- The time "now", in seconds, and databases that a run has left behind: made more than a day ago, as their
-- names say, and nobody is in them.
select 'now' as kind, pg_catalog.date_part('epoch', pg_catalog.now())::bigint::pg_catalog.text as text
union all
select 'database', d.datname::pg_catalog.text from pg_catalog.pg_database d
 where case when d.datname::pg_catalog.text operator(pg_catalog.~) '^rung_scratch_[0-9]{10}_[0-9a-f]{12}_[0-9]+$'
            then pg_catalog.split_part(d.datname::pg_catalog.text, '_', 3)::bigint
                 operator(pg_catalog.<) (pg_catalog.date_part('epoch', pg_catalog.now()) operator(pg_catalog.-)
                                         86400::pg_catalog.float8)::bigint
            else false end
   and not exists (select from pg_catalog.pg_stat_activity a where a.datid operator(pg_catalog.=) d.oid)
 order by 1 desc, 2
