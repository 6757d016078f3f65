-- Rows of catalogs that no object stands for, as they follow from another: (class, oid) is a part of (into_class,
-- into_oid). What pg_depend says by "internal" is known without.
select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid as class, i.indexrelid as oid,
       'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid as into_class, i.indrelid as into_oid
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
   and c.relnamespace operator(pg_catalog.=) 99
 where i.indexrelid operator(pg_catalog.>=) 16384
union all
select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, n.oid,
       'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, n.conrelid
  from pg_catalog.pg_constraint n
 where n.oid operator(pg_catalog.>=) 16384
   and ((n.contype operator(pg_catalog.=) 'f' and n.conparentid operator(pg_catalog.<>) 0)
        or (n.contype operator(pg_catalog.=) any ('{c,n}') and not n.conislocal
            and n.conrelid operator(pg_catalog.<>) 0))
union all
select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, t.tgconstraint,
       'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid, t.oid
  from pg_catalog.pg_trigger t join pg_catalog.pg_constraint n on n.oid operator(pg_catalog.=) t.tgconstraint
   and n.contype operator(pg_catalog.=) 't'
 where t.oid operator(pg_catalog.>=) 16384
union all
select 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid, t.oid,
       'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, t.tgrelid
  from pg_catalog.pg_trigger t
 where t.oid operator(pg_catalog.>=) 16384
   and t.tgisinternal -- before 13
   and t.tgparentid operator(pg_catalog.<>) 0 -- since 13
union all
select 'pg_catalog.pg_amop'::pg_catalog.regclass::pg_catalog.oid, a.oid,
       'pg_catalog.pg_opfamily'::pg_catalog.regclass::pg_catalog.oid, a.amopfamily
  from pg_catalog.pg_amop a where a.oid operator(pg_catalog.>=) 16384
union all
select 'pg_catalog.pg_amproc'::pg_catalog.regclass::pg_catalog.oid, a.oid,
       'pg_catalog.pg_opfamily'::pg_catalog.regclass::pg_catalog.oid, a.amprocfamily
  from pg_catalog.pg_amproc a where a.oid operator(pg_catalog.>=) 16384
union all
select 'pg_catalog.pg_enum'::pg_catalog.regclass::pg_catalog.oid, e.oid,
       'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, e.enumtypid
  from pg_catalog.pg_enum e where e.oid operator(pg_catalog.>=) 16384
