-- What belongs to extensions, and what else of the user's depends on what.
select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
  from pg_catalog.pg_depend d
 where d.objid operator(pg_catalog.>=) 16384 or d.deptype operator(pg_catalog.=) 'e'
