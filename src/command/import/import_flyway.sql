-- Flyway: the newest row of each version, or of each repeatable script, counts.
select version, description, pg_catalog.to_jsonb(installed_on::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}', checksum::pg_catalog.text, type,
       case when not success then 'failed: run "flyway repair" first' end
  from (select distinct on (version, case when version is null then description end)
               version, description, installed_on, checksum, type, success, installed_rank
          from :"history"
         where type operator(pg_catalog.<>) 'SCHEMA'
         order by version, case when version is null then description end, installed_rank desc) newest
 where type operator(pg_catalog.!~~) 'UNDO%' and type operator(pg_catalog.<>) 'DELETE'
 order by installed_rank
