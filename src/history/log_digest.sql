-- Each row by which the log was accepted as it is, whether it still holds that, and at the end the row that would be
-- next: the digest of all rows before it, as text that no setting and no column of a newer version changes.
select bound.id, (bound.checksum operator(pg_catalog.=) content.digest) is true, content.digest
  from (select l.id, l.checksum
          from :"history_log" l
         where l.action operator(pg_catalog.=) 'accept-log' and l.outcome operator(pg_catalog.=) 'done'
        union all
        select coalesce(pg_catalog.max(l.id), 0) operator(pg_catalog.+) 1, null from :"history_log" l) bound (id, checksum)
 cross join lateral (
       select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce(pg_catalog.string_agg(
                  pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat(
                      pg_catalog.to_char(i.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
                      pg_catalog.jsonb_strip_nulls(pg_catalog.to_jsonb(i) operator(pg_catalog.-) 'at')), 'UTF8')), 'hex'),
                  '' order by i.id), ''), 'UTF8')), 'hex')
         from :"history_log" i
        where i.id operator(pg_catalog.<) bound.id) content (digest)
 order by bound.id
