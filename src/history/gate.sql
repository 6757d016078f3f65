-- An error unless the tables that are there, $1 to $5 as in facts.sql, are tables, and their columns of types of
-- the server's own: a view runs its owner's functions as whoever reads it, a type may have casts of its owner's.
select case when exists (
    select from pg_catalog.unnest(array[pg_catalog.to_regclass($1), pg_catalog.to_regclass($2), pg_catalog.to_regclass($3),
                                        pg_catalog.to_regclass($4), pg_catalog.to_regclass($5)]::pg_catalog.oid[]) t (oid)
      join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) t.oid
     where c.relkind operator(pg_catalog.<>) 'r'
        or exists (select from pg_catalog.pg_attribute a
                     join pg_catalog.pg_type y on y.oid operator(pg_catalog.=) a.atttypid
                     join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) y.typnamespace
                    where a.attrelid operator(pg_catalog.=) c.oid and a.attnum operator(pg_catalog.>) 0
                      and not a.attisdropped
                      and n.nspname operator(pg_catalog.<>) 'pg_catalog'))
    then pg_catalog.concat(pg_catalog.count(*), ' tables are not what they seem')::integer end
  from (values (1)) one (row)
