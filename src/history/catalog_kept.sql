-- What was kept of the schema, and whether it is of the state that the history is in: nothing was applied, rolled back
-- or recorded since, not even in part, by log or by row. What repairs the record alone, and backups, change nothing of the schema.
select c.version, coalesce(c.fingerprint, ''), c.format, c.server_major, coalesce(c.kept_by, ''),
       coalesce(pg_catalog.to_jsonb(c.kept_at) operator(pg_catalog.#>>) '{}', ''),
       coalesce(pg_catalog.translate(pg_catalog.encode(c.objects, 'base64'), pg_catalog.chr(10), ''), ''),
       not exists (select from :"history_log" l
                    where l.id operator(pg_catalog.>) c.log_id
                      and l.outcome operator(pg_catalog.<>) 'failed'
                      and not l.action operator(pg_catalog.=) any (array['backup', 'backup-elsewhere', 'repair', 'accept-log', 'fold']))
       and not exists (select from :"history" h where h.state operator(pg_catalog.<>) 'applied')
       and coalesce(c.recorded, '') operator(pg_catalog.=) coalesce((:recorded), '')
  from :"history_catalog" c
 order by c.log_id desc, c.kept_at desc
 limit 1
