-- The newest backup that the log knows: id, hash of its manifest, number.
select l.name, l.checksum, l.version
  from :"history_log" l
 where l.action = 'backup' and l.outcome = 'done'
 order by l.id desc
 limit 1
