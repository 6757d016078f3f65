-- golang-migrate: one row, the newest version; negative when there is none.
select version::pg_catalog.text, null, null, null, null,
       case when dirty then 'failed half-way and is marked dirty: repair it, then run "migrate force"' end
  from :"history"
 where version operator(pg_catalog.>=) 0
