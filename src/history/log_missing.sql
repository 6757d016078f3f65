-- Applied migrations that rung recorded and the log does not tell of: who empties it leaves a chain that starts
-- anew and is whole in itself. A row without a name was written by hand, or by a brief script, and has no entry.
select h.version, h.name
  from :"history" h
 where h.state operator(pg_catalog.=) 'applied' and h.name is not null
   and not exists (select from :"history_log" l
                    where l.version operator(pg_catalog.=) h.version and l.outcome operator(pg_catalog.=) 'done'
                      and l.action operator(pg_catalog.<>) all (array['rollback', 'unstamp']))
 order by h.version
