-- A column of a batch's key: its quoted name, its type, a value below (nearly) all values of it, and
-- whether that has to be looked up, because the type has none.
select quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
       case when t.typname in ('float4', 'float8') then '-Infinity'
            when t.typname in ('date', 'timestamp', 'timestamptz') then '-infinity'
            when t.typname in ('time', 'timetz') then '00:00:00'
            when t.typname = 'interval' then '-178000000 years'
            when t.typname = 'uuid' then '00000000-0000-0000-0000-000000000000'
            when t.typname = 'pg_lsn' then '0/0'
            when t.typname = 'inet' then '0.0.0.0/0'
            when t.typname in ('bytea', 'citext') or t.typcategory = 'S' then '' end,
       t.typname in ('int2', 'int4', 'int8', 'numeric')
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type c on c.oid = a.atttypid
  join pg_catalog.pg_type t on t.oid = case c.typtype when 'd' then c.typbasetype else c.oid end
 where a.attrelid = $1::text::regclass and a.attname = $2 and not a.attisdropped
