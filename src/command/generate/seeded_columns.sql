-- What is in each column of the tables named in $1, as a digest; those without rows are left out.
select pg_catalog.concat(t.identity, '.', pg_catalog.quote_ident(a.attname)),
       pg_catalog.md5(q.content)
  from (select c.oid, c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname) as identity
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace) t
  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) t.oid and a.attnum operator(pg_catalog.>) 0
   and not a.attisdropped
 cross join lateral (select pg_catalog.query_to_xml(
       pg_catalog.format('select %I::pg_catalog.text as v from only %s order by 1', a.attname, t.identity),
       true, true, '')::pg_catalog.text as content) q
 where t.relkind operator(pg_catalog.=) 'r' and t.identity operator(pg_catalog.=) any ($1::pg_catalog.text[])
   and q.content operator(pg_catalog.~) '<v'
