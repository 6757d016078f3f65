-- The whole history, lowest number first; kept rollback SQL stays where it is. A column "variables" that an
-- earlier version did not make is taken from outside of the table, as null.
-- psql -v history=schema_version -f load.sql
select h.*
  from (select null::pg_catalog.text as variables) missing
 cross join lateral (
       select version, description, applied_at, name, checksum, state, statements_done, duration_ms,
              applied_by, applied_from, tool_version, backup, rollback_checksum, fingerprint, variables
         from :"history") h
 order by h.version
