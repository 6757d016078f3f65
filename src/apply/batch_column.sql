-- A column of a batch's key: its quoted name, its type, a value below (nearly) all values of it, and
-- whether that has to be looked up, because the type has none.
select pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
       case when t.typname operator(pg_catalog.=) any ('{float4,float8}') then '-Infinity'
            when t.typname operator(pg_catalog.=) any ('{date,timestamp,timestamptz}') then '-infinity'
            when t.typname operator(pg_catalog.=) any ('{time,timetz}') then '00:00:00'
            when t.typname operator(pg_catalog.=) 'interval' then '-178000000 years'
            when t.typname operator(pg_catalog.=) 'uuid' then '00000000-0000-0000-0000-000000000000'
            when t.typname operator(pg_catalog.=) 'pg_lsn' then '0/0'
            when t.typname operator(pg_catalog.=) 'inet' then '0.0.0.0/0'
            when t.typname operator(pg_catalog.=) any ('{bytea,citext}')
                 or t.typcategory operator(pg_catalog.=) 'S' then '' end,
       t.typname operator(pg_catalog.=) any ('{int2,int4,int8,numeric}')
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type c on c.oid operator(pg_catalog.=) a.atttypid
  join pg_catalog.pg_type t on t.oid operator(pg_catalog.=)
       case when c.typtype operator(pg_catalog.=) 'd' then c.typbasetype else c.oid end
 where a.attrelid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
   and a.attname operator(pg_catalog.=) $2 and not a.attisdropped
