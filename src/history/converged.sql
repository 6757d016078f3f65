-- What was run beside the file of a migration when it last converged, and what undoes it. In a log from before there
-- were columns sql and sql_back, these names mean those of "older", which are null.
select l.sql, l.sql_back
  from (values (null::pg_catalog.text, null::pg_catalog.text)) older (sql, sql_back)
 cross join lateral (
       select i.id, i.version, i.action, i.outcome, sql, sql_back from :"history_log" i) l
 where l.version operator(pg_catalog.=) $1::bigint
   and l.action operator(pg_catalog.=) 'converge'
   and l.outcome operator(pg_catalog.=) 'done'
   and l.sql is not null
 order by l.id desc
 limit 1
