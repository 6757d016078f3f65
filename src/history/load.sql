-- The whole history, lowest number first; kept rollback SQL stays where it is.
-- psql -v history=schema_version -f load.sql
select version, description, applied_at, name, checksum, state, statements_done, duration_ms,
       applied_by, applied_from, tool_version, backup, rollback_checksum, fingerprint
  from :"history"
 order by version
