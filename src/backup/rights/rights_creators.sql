-- Pairs of an owner and the owner of the schema its object is in: those that may not create there.
select w.name, w.schema
  from rows from (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]),
                  pg_catalog.unnest($3::pg_catalog.text[])) as w(name, schema, owner)
  join pg_catalog.pg_roles r on r.rolname operator(pg_catalog.=) w.name::pg_catalog.name
  join pg_catalog.pg_roles o on o.rolname operator(pg_catalog.=) w.owner::pg_catalog.name
 where not r.rolsuper and not pg_catalog.pg_has_role(r.oid, o.oid, 'USAGE')
