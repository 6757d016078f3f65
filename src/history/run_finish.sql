-- All steps of a run are done, and its client knows.
update :"history_run"
   set finished_at = pg_catalog.clock_timestamp()
 where id operator(pg_catalog.=) $1::pg_catalog.text and finished_at is null
