-- A migration was rolled back.
delete from :"history" where version operator(pg_catalog.=) $1::bigint
