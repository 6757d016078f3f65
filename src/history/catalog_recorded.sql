-- What the history records, as a hash: which migrations are applied, and since when. A row that is written
-- by hand, or by a script for review, leaves no entry in the log.
select pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(pg_catalog.concat_ws(' ', h.version, h.state,
           (extract(epoch from h.applied_at) operator(pg_catalog.*) 1000000)::bigint), ',' order by h.version), 'UTF8')), 'hex')
  from :"history" h
