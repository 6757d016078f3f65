-- Tables whose rows an archive holds: not those of extensions, which make their own.
-- $1, $2: which tables have none there: regular expressions for schema ('' where the pattern
-- named none: then as far as search_path goes) and name, as pg_dump makes them of its patterns.
select n.nspname, c.relname,
       exists (select from rows from (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]))
                           as p(schema_regex, name_regex)
                where c.relname operator(pg_catalog.~) p.name_regex collate pg_catalog.default
                  and case when p.schema_regex operator(pg_catalog.=) '' then pg_catalog.pg_table_is_visible(c.oid)
                           else n.nspname operator(pg_catalog.~) p.schema_regex collate pg_catalog.default end)
       as is_excluded
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where c.relkind operator(pg_catalog.=) 'r' and c.relpersistence operator(pg_catalog.<>) 't'
   and n.nspname operator(pg_catalog.<>) 'information_schema' and n.nspname operator(pg_catalog.!~) '^pg_'
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                      and d.objid operator(pg_catalog.=) c.oid and d.deptype operator(pg_catalog.=) 'e')
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
                      and d.objid operator(pg_catalog.=) n.oid and d.deptype operator(pg_catalog.=) 'e')
 order by 1, 2
