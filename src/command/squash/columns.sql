-- The columns of $1, in their order: the name in quotes where it needs them, how a value is written as a literal,
-- whether it is generated from others, whether it is a key, and the query that tells whether each value is what its
-- default would be now. That is null where the default is a constant or takes the next number.
select pg_catalog.quote_ident(a.attname),
       pg_catalog.format('pg_catalog.quote_nullable(%I::pg_catalog.text)', a.attname),
       a.attgenerated operator(pg_catalog.<>) '',
       a.attidentity operator(pg_catalog.<>) '',
       exists (select from pg_catalog.pg_index i
                where i.indrelid operator(pg_catalog.=) a.attrelid and i.indisprimary
                  and a.attnum operator(pg_catalog.=) any (i.indkey)),
       (d.adbin is not null or a.attidentity operator(pg_catalog.<>) '') and a.attgenerated operator(pg_catalog.=) '',
       case when a.attgenerated operator(pg_catalog.=) '' and pg_catalog.pg_get_expr(d.adbin, d.adrelid) operator(pg_catalog.~) '[(]|CURRENT_|LOCALTIME'
             and pg_catalog.pg_get_expr(d.adbin, d.adrelid) operator(pg_catalog.!~) 'nextval'
            then pg_catalog.format('select pg_catalog.bool_and(%I::pg_catalog.text operator(pg_catalog.=) (%s)::pg_catalog.text) from only %s',
                                   a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid), $1::pg_catalog.text) end
  from pg_catalog.pg_attribute a
  left join pg_catalog.pg_attrdef d on d.adrelid operator(pg_catalog.=) a.attrelid and d.adnum operator(pg_catalog.=) a.attnum
 where a.attrelid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
   and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped
 order by a.attnum
