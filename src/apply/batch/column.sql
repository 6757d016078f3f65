-- A column of a batch's key: its quoted name, its type for people and with its schema, the schema of the
-- operators that its order goes by (those of an extension's type are where the extension is), a value below
-- (nearly) all values of it, and whether that has to be looked up, because the type has none; whether it is read
-- as ISO 8601, whatever DateStyle is; and the setting of this session with which its text would be another value.
with recursive type(oid) as (
    select a.atttypid
      from pg_catalog.pg_attribute a
     where a.attrelid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
       and a.attname operator(pg_catalog.=) $2 and not a.attisdropped
    union all
    select d.typbasetype
      from type
      join pg_catalog.pg_type d on d.oid operator(pg_catalog.=) type.oid and d.typtype operator(pg_catalog.=) 'd')
select pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
       pg_catalog.format('%I.%I', n.nspname, t.typname),
       coalesce((select pg_catalog.quote_ident(s.nspname)
                   from pg_catalog.pg_opclass c
                   join pg_catalog.pg_am m on m.oid operator(pg_catalog.=) c.opcmethod
                   join pg_catalog.pg_amop o on o.amopfamily operator(pg_catalog.=) c.opcfamily
                   join pg_catalog.pg_operator r on r.oid operator(pg_catalog.=) o.amopopr
                   join pg_catalog.pg_namespace s on s.oid operator(pg_catalog.=) r.oprnamespace
                  where m.amname operator(pg_catalog.=) 'btree' and c.opcdefault
                    and c.opcintype operator(pg_catalog.=) t.oid and o.amopstrategy operator(pg_catalog.=) 1
                    and o.amoplefttype operator(pg_catalog.=) t.oid
                    and o.amoprighttype operator(pg_catalog.=) t.oid), 'pg_catalog'),
       case when t.typname operator(pg_catalog.=) any ('{float4,float8}') then '-Infinity'
            when t.typname operator(pg_catalog.=) any ('{date,timestamp,timestamptz}') then '-infinity'
            when t.typname operator(pg_catalog.=) any ('{time,timetz}') then '00:00:00'
            when t.typname operator(pg_catalog.=) 'interval' then '-178000000 years'
            when t.typname operator(pg_catalog.=) 'uuid' then '00000000-0000-0000-0000-000000000000'
            when t.typname operator(pg_catalog.=) 'pg_lsn' then '0/0'
            when t.typname operator(pg_catalog.=) 'inet' then '0.0.0.0/0'
            when t.typname operator(pg_catalog.=) any ('{bytea,citext}')
                 or t.typcategory operator(pg_catalog.=) 'S' then '' end,
       t.typname operator(pg_catalog.=) any ('{int2,int4,int8,numeric}'),
       t.typname operator(pg_catalog.=) any ('{date,timestamp,timestamptz}'),
       case when t.typname operator(pg_catalog.=) any ('{float4,float8}')
                 and pg_catalog.current_setting('extra_float_digits')::integer operator(pg_catalog.<) 1
            then 'extra_float_digits'
            when t.typname operator(pg_catalog.=) 'interval'
                 and pg_catalog.current_setting('IntervalStyle') operator(pg_catalog.=) 'sql_standard'
            then 'IntervalStyle' end
  from pg_catalog.pg_attribute a
  join type on true
  join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) type.oid and t.typtype operator(pg_catalog.<>) 'd'
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) t.typnamespace
 where a.attrelid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
   and a.attname operator(pg_catalog.=) $2 and not a.attisdropped
