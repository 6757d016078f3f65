-- Their versions and owners are left out: a dump has neither.
select e.oid,
       pg_catalog.quote_ident(e.extname) as name,
       e.extnamespace::pg_catalog.regnamespace as installed_in
  from pg_catalog.pg_extension e
