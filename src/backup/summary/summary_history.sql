-- The history in a form that no setting changes; as JSON, since older shapes lack columns. The head
-- is the newest that is whole; one that stopped half-way is named by itself.
with entry as (
    select h.version, pg_catalog.to_jsonb(h) as said,
           coalesce(pg_catalog.to_jsonb(h) operator(pg_catalog.->>) 'state', 'applied')
               operator(pg_catalog.=) 'applied' as is_whole
      from :"history" h)
select pg_catalog.count(*),
       coalesce(pg_catalog.max(e.version) filter (where e.is_whole), 0),
       (select coalesce(n.said operator(pg_catalog.->>) 'name', n.said operator(pg_catalog.->>) 'description')
          from entry n where n.is_whole order by n.version desc limit 1),
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce(pg_catalog.string_agg(
           (e.said operator(pg_catalog.-) 'applied_at')::pg_catalog.text, E'\n' order by e.version), ''),
           'UTF8')), 'hex'),
       pg_catalog.count(*) filter (where e.is_whole),
       coalesce(pg_catalog.max(e.version) filter (where not e.is_whole), 0)
  from entry e
