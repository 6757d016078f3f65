-- The whole history, lowest number first; kept rollback SQL stays where it is. A column "variables" that an
-- earlier version did not make is taken from outside of the table, as null. Times are ISO 8601 with their zone,
-- whatever the session's DateStyle is.
-- psql -v history=schema_version -f load.sql
select h.*
  from (select null::pg_catalog.text as variables) missing
 cross join lateral (
       select version, description,
              pg_catalog.to_jsonb(applied_at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}' as applied_at,
              name, checksum, state, statements_done, duration_ms, applied_by, applied_from, tool_version, backup,
              rollback_checksum, fingerprint, variables
         from :"history") h
 order by h.version
