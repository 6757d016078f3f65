-- What a plain migration has done so far; $1 is its number. A step that was begun and
-- never finished may still be at work: is_alive tells.
select s.statement, s.checksum, s.state, s.pid,
       exists (select 1 from pg_catalog.pg_stat_activity a
                where a.pid operator(pg_catalog.=) s.pid
                  and a.backend_start operator(pg_catalog.=) s.backend_start) as is_alive
  from :"history_step" s
 where s.version operator(pg_catalog.=) $1::bigint
 order by s.statement
