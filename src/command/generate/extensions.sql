-- Who looks, and beside it where extensions are and in which version. PL/pgSQL is in every database.
select e.extname, n.nspname, e.extversion, u.self
  from (select current_user as self) u
  left join pg_catalog.pg_extension e on e.extname operator(pg_catalog.<>) 'plpgsql'
  left join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) e.extnamespace
 order by e.oid
