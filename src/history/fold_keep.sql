-- Behind it: what was marked is of the state that the history is in now.
update :"history_catalog" c set recorded = coalesce((:recorded), '')
 where c.recorded operator(pg_catalog.=) 'folded'
