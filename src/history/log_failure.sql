-- The newest failure that nothing has made good since: neither its own migration nor a newer one was done.
select pg_catalog.to_jsonb(at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}', coalesce(name, version::pg_catalog.text), error, sqlstate
  from :"history_log" failed
 where outcome operator(pg_catalog.<>) 'done'
   and not exists (select from :"history_log" later
                    where later.id operator(pg_catalog.>) failed.id
                      and later.outcome operator(pg_catalog.=) 'done'
                      and later.version operator(pg_catalog.>=) coalesce(failed.version, 0))
 order by id desc
 limit 1
