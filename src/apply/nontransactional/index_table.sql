-- The table $1 (as written) with its schema: another user may have another search_path. As it is, where there
-- is none.
select coalesce((select pg_catalog.format('%I.%I', n.nspname, c.relname)
                   from pg_catalog.pg_class c
                   join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
                  where c.oid operator(pg_catalog.=) pg_catalog.to_regclass($1::pg_catalog.text)),
                $1::pg_catalog.text)
