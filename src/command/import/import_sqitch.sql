-- sqitch: a row a change; $1 is the project, of which a registry may hold several. Registries of before 1.0
-- have no script_hash; those that were upgraded since may have the change's own id there.
select change, change, pg_catalog.to_jsonb(committed_at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}', case when hash operator(pg_catalog.<>) change_id then hash end,
       null, null
  from (select change_id, change, project, committed_at,
               pg_catalog.to_jsonb(c) operator(pg_catalog.->>) 'script_hash' as hash
          from :"history" c) changes
 where project operator(pg_catalog.=) $1::pg_catalog.text
 order by committed_at
