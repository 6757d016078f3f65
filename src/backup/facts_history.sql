-- The history in a form that no setting changes; as JSON, since older shapes lack columns.
select pg_catalog.count(*), coalesce(pg_catalog.max(h.version), 0),
       (select coalesce(pg_catalog.to_jsonb(n) ->> 'name', pg_catalog.to_jsonb(n) ->> 'description')
          from :"history" n order by n.version desc limit 1),
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce(pg_catalog.string_agg(
           (pg_catalog.to_jsonb(h) - 'applied_at')::text, E'\n' order by h.version), ''), 'UTF8')), 'hex')
  from :"history" h
