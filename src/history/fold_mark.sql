-- Before rows are folded: what is kept of the schema is marked where it is of the state that the history is in, but for
-- what else the log holds, which drift is asked about (catalog_kept.sql).
update :"history_catalog" c set recorded = 'folded'
 where coalesce(c.recorded, '') operator(pg_catalog.=) coalesce((:recorded), '')
