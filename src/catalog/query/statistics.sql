-- Columns by name: the server has them in the order in which they came to the table.
select s.oid,
       s.stxnamespace as schema,
       pg_catalog.quote_ident(s.stxname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.stxowner)) as owner,
       case when s.stxstattarget operator(pg_catalog.>=) 0 then s.stxstattarget end as target, -- since 13
       pg_catalog.concat(pg_catalog."substring"(d.tail, E'^\\([a-z, ]*\\) '), 'ON ',
           pg_catalog.concat_ws(', ',
               (select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attname collate pg_catalog."C")
                  from pg_catalog.unnest(s.stxkeys) k(attnum)
                  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) s.stxrelid
                   and a.attnum operator(pg_catalog.=) k.attnum)
               , (select pg_catalog.string_agg(pg_catalog.format('(%s)', e.text), ', ' order by e.position) -- since 14
                    from pg_catalog.unnest(pg_catalog.pg_get_statisticsobjdef_expressions(s.oid)) -- since 14
                    with ordinality e(text, position)) -- since 14
           ), ' FROM ', s.stxrelid::pg_catalog.regclass) as definition
  from pg_catalog.pg_statistic_ext s
 cross join lateral (select pg_catalog.substr(pg_catalog.pg_get_statisticsobjdef(s.oid), 1 operator(pg_catalog.+)
           pg_catalog.length(pg_catalog.concat('CREATE STATISTICS ', s.stxnamespace::pg_catalog.regnamespace, '.',
                                               pg_catalog.quote_ident(s.stxname), ' '))) as tail) d
 where s.oid operator(pg_catalog.>=) 16384
