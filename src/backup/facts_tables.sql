-- Tables whose rows an archive holds: not those of extensions, which make their own.
-- $1: patterns of tables without rows, a line each, as pg_dump --exclude-table-data has them.
select n.nspname, c.relname,
       exists (select from pg_catalog.unnest(pg_catalog.string_to_array($1::text, E'\n')) as p(pattern)
                where case when p.pattern like '%.%' then n.nspname || '.' || c.relname else c.relname end
                      ~ ('^(' || pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
                             p.pattern, '.', '\.'), '*', '.*'), '?', '.') || ')$')) as is_excluded
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and c.relpersistence <> 't'
   and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
 order by 1, 2
