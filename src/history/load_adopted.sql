-- The same from the three-column table people write by hand.
select version, description, pg_catalog.to_jsonb(applied_at::pg_catalog.timestamptz) operator(pg_catalog.#>>) '{}', null, null, 'applied', 0, null,
       null, null, null, null, null, null, null
  from :"history"
