-- The rows of what a squash replaces become one of its own: $1 their numbers, how many they are in $2; then its number,
-- description, name and checksum, its rollback SQL and the checksum of that. When and by whom the newest of them was
-- applied stays. What is kept of the schema stays of this state, when it was of the one before.
with gone as (
    delete from :"history" h
     where h.version operator(pg_catalog.=) any ($1::bigint[]) and h.state operator(pg_catalog.=) 'applied'
    returning h.version, h.applied_at, h.duration_ms, h.applied_by, h.applied_from, h.tool_version, h.backup),
newest as (
    select g.applied_at, g.duration_ms, g.applied_by, g.applied_from, g.tool_version, g.backup
      from gone g
     where (select pg_catalog.count(*) from gone) operator(pg_catalog.=) $2::bigint
     order by g.version desc
     limit 1),
written as (
    insert into :"history" (version, description, name, checksum, state, statements_done, duration_ms, applied_at,
                            applied_by, applied_from, tool_version, backup, rollback_sql, rollback_checksum)
    select $3::bigint, $4::pg_catalog.text, $5::pg_catalog.text, $6::pg_catalog.text, 'applied', 0, n.duration_ms,
           n.applied_at, n.applied_by, n.applied_from, n.tool_version, n.backup, $7::pg_catalog.text,
           $8::pg_catalog.text
      from newest n
    returning 1)
select :one_row from written
