-- Roles and databases beyond those there were when the test began, which are $1 and $2.
select 'role' as kind, r.rolname::pg_catalog.text as name from pg_catalog.pg_roles r
 where not r.rolname operator(pg_catalog.=) any ($1::pg_catalog.name[])
union all
select 'database', d.datname::pg_catalog.text from pg_catalog.pg_database d
 where not d.datname operator(pg_catalog.=) any ($2::pg_catalog.name[])
