-- The rollback SQL kept with an applied migration, its checksum, and the checksum that was
-- logged when the record was last written.
select h.rollback_sql, h.rollback_checksum,
       (select l.rollback_checksum
          from :"history_log" l
         where l.version operator(pg_catalog.=) h.version
           and l.outcome operator(pg_catalog.=) 'done'
           and l.action operator(pg_catalog.=)
               any (array['apply', 'reapply', 'resume', 'stamp', 'adopt', 'repair', 'import'])
         order by l.id desc
         limit 1)
  from :"history" h
 where h.version operator(pg_catalog.=) $1::bigint
