-- Whether the catalogs were written to since what is kept was kept: null where that is not known; no row where nothing
-- is kept of the state that the history is in.
select c.writes operator(pg_catalog.=) (:writes)
  from :"history_catalog" c
 where not exists (select from :"history_log" l where l.id operator(pg_catalog.>) c.log_id)
