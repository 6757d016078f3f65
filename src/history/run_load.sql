-- The newest run, unless it is finished or other runs have changed something since it began. What continues or
-- clears a run that stopped is no such change: "repair", and "resume", whose runs are no targets of their own.
select r.id, r.command, r.target, r.from_name, r.to_name, r.steps,
       pg_catalog.to_jsonb(r.begun_at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}',
       pg_catalog.concat_ws('/', r.db_user, r.os_user), r.host
  from :"history_run" r
 where r.finished_at is null
   and r.command operator(pg_catalog.<>) 'resume'
   and not exists (select from :"history_run" later
                    where later.number operator(pg_catalog.>) r.number
                      and later.command operator(pg_catalog.<>) 'resume')
   and not exists (select from :"history_log" l
                    where l.id operator(pg_catalog.>) r.log_id
                      and l.outcome operator(pg_catalog.=) 'done'
                      and l.run_id operator(pg_catalog.<>) r.id
                      and not l.action operator(pg_catalog.=) any (array['backup', 'backup-elsewhere', 'repair'])
                      and not exists (select from :"history_run" o
                                       where o.id operator(pg_catalog.=) l.run_id
                                         and o.command operator(pg_catalog.=) 'resume'))
