-- A migration that was rolled back.
delete from :"history" where version operator(pg_catalog.=) $1
