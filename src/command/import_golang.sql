-- golang-migrate: one row, the newest version; negative when there is none.
select version::pg_catalog.text, null, null, null, null,
       case when dirty then 'is marked dirty: it failed half-way, and nobody knows how far it came' end
  from :"history"
 where version operator(pg_catalog.>=) 0
