-- The newest failure that nothing has made good since: neither its own migration nor a newer one was done.
select at, coalesce(name, version::text), error, sqlstate
  from :"history_log" failed
 where outcome <> 'done'
   and not exists (select from :"history_log" later
                    where later.id > failed.id
                      and later.outcome = 'done'
                      and later.version >= coalesce(failed.version, 0))
 order by id desc
 limit 1
