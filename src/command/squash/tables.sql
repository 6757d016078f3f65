-- Every table that may hold rows and is no table of history: its name, whether an extension made it, whether a trigger of
-- somebody's fires on it, the tables it refers to (one a line), and the query that counts its rows and digests each
-- column on its own. $1 are the tables of the history, quoted.
select pg_catalog.format('%I.%I', n.nspname, c.relname),
       exists (select from pg_catalog.pg_depend d
                where d.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid operator(pg_catalog.=) c.oid and d.deptype operator(pg_catalog.=) 'e'),
       exists (select from pg_catalog.pg_trigger t
                where t.tgrelid operator(pg_catalog.=) c.oid and not t.tgisinternal
                  and t.tgenabled operator(pg_catalog.<>) 'D'),
       c.relkind operator(pg_catalog.=) 'm',
       (select pg_catalog.string_agg(distinct pg_catalog.format('%I.%I', rn.nspname, r.relname), pg_catalog.chr(10))
          from pg_catalog.pg_constraint k
          join pg_catalog.pg_class r on r.oid operator(pg_catalog.=) k.confrelid
          join pg_catalog.pg_namespace rn on rn.oid operator(pg_catalog.=) r.relnamespace
         where k.conrelid operator(pg_catalog.=) c.oid and k.contype operator(pg_catalog.=) 'f'
           and k.confrelid operator(pg_catalog.<>) c.oid),
       pg_catalog.format('select pg_catalog.count(*)::pg_catalog.text%s from only %I.%I',
           (select pg_catalog.string_agg(pg_catalog.format(
                       ', pg_catalog.md5(pg_catalog.string_agg(coalesce(pg_catalog.md5(%1$I::pg_catalog.text), ''-''), '''' order by coalesce(pg_catalog.md5(%1$I::pg_catalog.text), ''-'')))',
                       a.attname), '' order by a.attnum)
              from pg_catalog.pg_attribute a
             where a.attrelid operator(pg_catalog.=) c.oid and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped),
           n.nspname, c.relname)
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where (c.relkind operator(pg_catalog.=) 'r' or (c.relkind operator(pg_catalog.=) 'm' and c.relispopulated))
   and c.relpersistence operator(pg_catalog.<>) 't'
   and n.nspname operator(pg_catalog.<>) all ('{pg_catalog,information_schema,pg_toast}'::pg_catalog.name[])
   and not exists (select from pg_catalog.unnest($1::pg_catalog.text[]) h (name)
                    where pg_catalog.to_regclass(h.name)::pg_catalog.oid operator(pg_catalog.=) c.oid)
 order by 1
