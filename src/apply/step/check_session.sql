-- After a file that can have run any code: whether the session acts as $1 again, whether statements are
-- prepared that the text of the file does not show, and whether the deployers' lock $2 was kept (null where
-- the transaction alone holds it); and, where $3 is null, whether it left what may let any statement run code of the
-- database (history/facts.sql; a new type with modifiers its text does show). If not, a cast raises an error that says which. Advisory locks that the
-- file left are released, which works only for all of them together; the transaction holds ours meanwhile.
select case
    when current_user operator(pg_catalog.<>) $1::pg_catalog.name
        then pg_catalog.concat('rung: user ', current_user, ' :rung')::pg_catalog.int4
    when exists (select from pg_catalog.pg_prepared_statements p where p.from_sql)
        then pg_catalog.concat('rung: prepared ', current_user, ' :rung')::pg_catalog.int4
    when $3::pg_catalog.text is null
         and (exists (select from pg_catalog.pg_event_trigger t where t.evtenabled operator(pg_catalog.<>) 'D')
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
                            and p.prolang operator(pg_catalog.<>) all ('{12,13}'::pg_catalog.oid[])))
        then pg_catalog.concat('rung: code ', current_user, ' :rung')::pg_catalog.int4
    when not (pg_catalog.pg_try_advisory_xact_lock($2::pg_catalog.int8)
              and pg_catalog.pg_advisory_unlock($2::pg_catalog.int8))
        then pg_catalog.concat('rung: lock ', current_user, ' :rung')::pg_catalog.int4
    when pg_catalog.pg_advisory_unlock_all()::pg_catalog.text is not null
        then case when pg_catalog.pg_try_advisory_lock($2::pg_catalog.int8) then 1 end
    end
