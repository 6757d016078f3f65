-- Which index of the table $3 (as written) an unnamed CREATE INDEX CONCURRENTLY can have made, statement $2
-- of migration $1: one that is younger than the statement's row in the journal, bears a name as the server
-- chooses it ($5, where that is known), and is unique where $4 is. Columns as in index_state.sql.
select i.indisvalid, n.nspname, c.relname,
       (select pg_catalog.min(l.pid)
          from pg_catalog.pg_locks l
          join pg_catalog.pg_stat_activity a on a.pid operator(pg_catalog.=) l.pid
         where l.locktype operator(pg_catalog.=) 'relation' and l.relation operator(pg_catalog.=) i.indrelid
           and l.mode operator(pg_catalog.=) 'ShareUpdateExclusiveLock'
           and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                                   where d.datname operator(pg_catalog.=) pg_catalog.current_database())
           and l.granted and l.pid operator(pg_catalog.<>) pg_catalog.pg_backend_pid() and a.usesysid is not null)
  from :"history_step" s
  join pg_catalog.pg_index i on i.indrelid operator(pg_catalog.=) pg_catalog.to_regclass($3)
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
  -- Validity rewrites an index's other rows; its columns stay as they were created.
  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) i.indexrelid
   and a.attnum operator(pg_catalog.=) 1
 where s.version operator(pg_catalog.=) $1::bigint and s.statement operator(pg_catalog.=) $2::integer
   and s.state operator(pg_catalog.=) 'started'
   and pg_catalog.age(a.xmin) operator(pg_catalog.<) pg_catalog.age(s.xmin)
   and i.indisunique operator(pg_catalog.=) $4::boolean
   and not exists (select 1 from pg_catalog.pg_constraint o where o.conindid operator(pg_catalog.=) i.indexrelid)
   and case when $5::pg_catalog.text is null then c.relname operator(pg_catalog.~) '_idx[0-9]*$'
            else pg_catalog.regexp_replace(c.relname::pg_catalog.text, '[0-9]*$', '')
                 operator(pg_catalog.=) $5::pg_catalog.text end
 order by n.nspname, c.relname
