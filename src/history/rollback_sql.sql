-- The rollback SQL kept with an applied migration, its checksum, and the checksum that was
-- logged when the record was last written, and in which row; null in a log from before there was such a column.
select h.rollback_sql, h.rollback_checksum, logged.rollback_checksum, logged.id
  from :"history" h
  left join lateral (
       select l.id, l.rollback_checksum
         from (values (null::pg_catalog.text)) older (rollback_checksum)
        cross join lateral (
              select i.id, i.version, i.outcome, i.action, rollback_checksum from :"history_log" i) l
        where l.version operator(pg_catalog.=) h.version
          and l.outcome operator(pg_catalog.=) 'done'
          and l.action operator(pg_catalog.=)
              any (array['apply', 'reapply', 'converge', 'resume', 'stamp', 'adopt', 'repair', 'import', 'fold'])
        order by l.id desc
        limit 1) logged on true
 where h.version operator(pg_catalog.=) $1::bigint
