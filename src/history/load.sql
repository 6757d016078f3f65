-- The whole history, in any order; kept rollback SQL stays where it is. $1 says whether people are shown all of it,
-- $2 whether they are shown when each was applied: what nobody looks at takes longer than what a plan compares.
-- A column "variables" that an earlier version did not make is taken from outside of the table, as null. Times are
-- ISO 8601 with their zone, whatever the session's DateStyle is.
-- psql -v history=schema_version -f load.sql
select h.*
  from (select null::pg_catalog.text as variables) missing
 cross join lateral (
       select version,
              case when $1::boolean or name is null then description end,
              case when $2::boolean then pg_catalog.to_jsonb(applied_at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}' end,
              name, checksum,
              case when $1::boolean or state operator(pg_catalog.<>) 'applied' then state end,
              case when $1::boolean or state operator(pg_catalog.<>) 'applied' then statements_done end,
              case when $1::boolean then duration_ms end,
              case when $1::boolean then applied_by end,
              case when $1::boolean then applied_from end,
              case when $1::boolean then tool_version end,
              backup, rollback_checksum, fingerprint, variables
         from :"history") h
