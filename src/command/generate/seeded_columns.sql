-- For each of the tables named in $1 the query that says what is in its columns, as digests; nothing where it has no rows.
select pg_catalog.format(
           'select v.identity, pg_catalog.md5(v.content) from (select pg_catalog.count(*) as n, %s from only %s) q'
           ' cross join lateral (values %s) v(identity, content) where q.n operator(pg_catalog.>) 0',
           pg_catalog.string_agg(pg_catalog.format(
               'pg_catalog.string_agg(coalesce(%1$I::pg_catalog.text, ''-''), '','' order by %1$I::pg_catalog.text collate pg_catalog."C") as %2$I',
               a.attname, pg_catalog.concat('c', a.attnum)), ', ' order by a.attnum),
           t.identity,
           pg_catalog.string_agg(pg_catalog.format(
               '(%L, q.%I)', pg_catalog.concat(t.identity, '.', pg_catalog.quote_ident(a.attname)),
               pg_catalog.concat('c', a.attnum)), ', ' order by a.attnum))
  from (select c.oid, c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname) as identity
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace) t
  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) t.oid and a.attnum operator(pg_catalog.>) 0
   and not a.attisdropped
 where t.relkind operator(pg_catalog.=) 'r' and t.identity operator(pg_catalog.=) any ($1::pg_catalog.text[])
 group by t.oid, t.identity
