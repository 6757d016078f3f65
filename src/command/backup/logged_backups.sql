-- The newest backup that the log knows: id, hash of its manifest, number. $1: also of those
-- that were kept in another store than the configured one.
select l.name, l.checksum, l.version
  from :"history_log" l
 where (l.action operator(pg_catalog.=) 'backup'
        or l.action operator(pg_catalog.=) 'backup-elsewhere' and $1::boolean)
   and l.outcome operator(pg_catalog.=) 'done'
 order by l.id desc
 limit 1
