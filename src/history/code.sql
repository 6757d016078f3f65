-- Whether any statement, or all that come near it, may run code of the database: event triggers, partition keys
-- with expressions, operator classes and modifiers of types whose functions are neither internal (12) nor in C (13),
-- and which the server did not come with (16384).
select exists (select from pg_catalog.pg_event_trigger t where t.evtenabled operator(pg_catalog.<>) 'D')
    or exists (select from pg_catalog.pg_partitioned_table p where p.partexprs is not null)
    or exists (select from pg_catalog.pg_opclass c
                cross join lateral (
                      select a.amproc::pg_catalog.oid as oid
                        from pg_catalog.pg_amproc a where a.amprocfamily operator(pg_catalog.=) c.opcfamily
                      union all
                      select o.oprcode::pg_catalog.oid
                        from pg_catalog.pg_amop a
                        join pg_catalog.pg_operator o on o.oid operator(pg_catalog.=) a.amopopr
                       where a.amopfamily operator(pg_catalog.=) c.opcfamily) f
                 join pg_catalog.pg_proc p on p.oid operator(pg_catalog.=) f.oid
                where c.oid operator(pg_catalog.>=) 16384::pg_catalog.oid
                  and p.prolang operator(pg_catalog.<>) all ('{12,13}'::pg_catalog.oid[]))
    or exists (select from pg_catalog.pg_type t
                 join pg_catalog.pg_proc p on p.oid operator(pg_catalog.=) t.typmodin
                where t.typmodin::pg_catalog.oid operator(pg_catalog.>=) 16384::pg_catalog.oid
                  and p.prolang operator(pg_catalog.<>) all ('{12,13}'::pg_catalog.oid[]))
