-- Its position is data. One that an identity column or a serial owns goes with that.
select c.oid,
       c.relnamespace as schema,
       pg_catalog.quote_ident(c.relname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) as owner,
       c.relpersistence operator(pg_catalog.=) 'u' as unlogged,
       pg_catalog.format_type(s.seqtypid, null) as type,
       s.seqstart as start,
       s.seqincrement as increment,
       s.seqmin as minimum,
       s.seqmax as maximum,
       s.seqcache as cache,
       s.seqcycle as cycle,
       (select pg_catalog.format('%s.%I', d.refobjid::pg_catalog.regclass, a.attname)
          from pg_catalog.pg_attribute a
         where a.attrelid operator(pg_catalog.=) d.refobjid
           and a.attnum operator(pg_catalog.=) d.refobjsubid) as owned_by,
       d.deptype operator(pg_catalog.=) 'i' as identity
  from pg_catalog.pg_sequence s
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) s.seqrelid
  left join pg_catalog.pg_depend d on d.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
   and d.objid operator(pg_catalog.=) c.oid and d.deptype operator(pg_catalog.=) any ('{a,i}')
   and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
   and d.refobjsubid operator(pg_catalog.>) 0
 where c.oid operator(pg_catalog.>=) 16384
