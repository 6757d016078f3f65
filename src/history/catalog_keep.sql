-- What the schema is like at the end of a run: $1 its fingerprint, $2 the format of that, $3 the server's major
-- version, $4 who looked, $5 its objects in base64. There is one row, of the highest version applied (0 where none is);
-- the number of the log's newest row and a hash of all rows say which state of the history it belongs to.
with head as materialized (
    select coalesce(pg_catalog.max(h.version), 0) as version,
           (select coalesce(pg_catalog.max(l.id), 0) from :"history_log" l) as log_id
      from :"history" h
     where h.state operator(pg_catalog.=) 'applied'),
others as (
    delete from :"history_catalog" c where c.version operator(pg_catalog.<>) (select head.version from head)),
written as (
    insert into :"history_catalog" (version, fingerprint, format, server_major, kept_by, log_id, recorded, objects, writes,
                                    kept_at)
    select head.version, $1::pg_catalog.text, $2::integer, $3::integer, $4::pg_catalog.text, head.log_id, coalesce((:recorded), ''),
           pg_catalog.decode($5::pg_catalog.text, 'base64'), (:writes), pg_catalog.clock_timestamp()
      from head
        on conflict (version) do update
       set fingerprint = excluded.fingerprint, format = excluded.format, server_major = excluded.server_major,
           kept_by = excluded.kept_by, log_id = excluded.log_id, recorded = excluded.recorded,
           objects = excluded.objects, writes = excluded.writes,
           kept_at = excluded.kept_at
    returning 1)
select :one_row from written
