-- Names of what the program does not know: $1 are classes, $2 the numbers in them.
select case when exists (select from pg_catalog.pg_class c where c.oid operator(pg_catalog.=) u.class)
            then pg_catalog.pg_describe_object(u.class, u.oid, 0) end as name
  from rows from (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[])) u(class, oid)
