-- A migration that was applied again: its text is another one now.
update :"history" set checksum = $2, applied_at = pg_catalog.now() where version operator(pg_catalog.=) $1
