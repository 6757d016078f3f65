-- tern: one row, the newest version; 0 when there is none.
select version::text, null, null, null, null, null from :"history" where version > 0
