-- goose: the newest row of each version says whether it is applied; 0 is goose's own.
select version_id::pg_catalog.text, null, pg_catalog.to_jsonb(tstamp::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}', null, null, null
  from (select distinct on (version_id) version_id, is_applied, tstamp
          from :"history"
         order by version_id, id desc) newest
 where is_applied and version_id operator(pg_catalog.>) 0
 order by version_id
