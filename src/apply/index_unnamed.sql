-- Which index of the table $3 (as written) an unnamed CREATE INDEX CONCURRENTLY can have made, statement $2
-- of migration $1: one that is younger than the statement's row in the journal, bears a name as the server
-- chooses it ($5, where that is known), and is unique where $4 is. Columns as in index_state.sql.
select i.indisvalid, n.nspname, c.relname,
       (select min(l.pid)
          from pg_catalog.pg_locks l
          join pg_catalog.pg_stat_activity a on a.pid = l.pid
         where l.locktype = 'relation' and l.relation = i.indrelid and l.mode = 'ShareUpdateExclusiveLock'
           and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
           and l.granted and l.pid <> pg_catalog.pg_backend_pid() and a.usesysid is not null)
  from :"history_step" s
  join pg_catalog.pg_index i on i.indrelid = pg_catalog.to_regclass($3)
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  -- Validity rewrites an index's other rows; its columns stay as they were created.
  join pg_catalog.pg_attribute a on a.attrelid = i.indexrelid and a.attnum = 1
 where s.version = $1::bigint and s.statement = $2::integer and s.state = 'started'
   and pg_catalog.age(a.xmin) < pg_catalog.age(s.xmin)
   and i.indisunique = $4::boolean
   and not exists (select 1 from pg_catalog.pg_constraint o where o.conindid = i.indexrelid)
   and case when $5::text is null then c.relname ~ '_idx[0-9]*$'
            else pg_catalog.regexp_replace(c.relname::text, '[0-9]*$', '') = $5::text end
 order by n.nspname, c.relname
