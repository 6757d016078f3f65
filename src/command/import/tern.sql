-- tern: one row, the newest version; 0 when there is none.
select version::pg_catalog.text, null, null, null, null, null from :"history" where version operator(pg_catalog.>) 0
