-- After a file that can have run any code: whether the session acts as $1 again, whether statements are
-- prepared that the text of the file does not show, and whether the deployers' lock $2 was kept (null where
-- the transaction alone holds it). If not, a cast raises an error that says which. Advisory locks that the
-- file left are released, which works only for all of them together; the transaction holds ours meanwhile.
select case
    when current_user operator(pg_catalog.<>) $1::pg_catalog.name
        then pg_catalog.concat('rung: user ', current_user)::pg_catalog.int4
    when exists (select from pg_catalog.pg_prepared_statements p where p.from_sql)
        then pg_catalog.concat('rung: prepared ', current_user)::pg_catalog.int4
    when not (pg_catalog.pg_try_advisory_xact_lock($2::pg_catalog.int8)
              and pg_catalog.pg_advisory_unlock($2::pg_catalog.int8))
        then pg_catalog.concat('rung: lock ', current_user)::pg_catalog.int4
    when pg_catalog.pg_advisory_unlock_all()::pg_catalog.text is not null
        then case when pg_catalog.pg_try_advisory_lock($2::pg_catalog.int8) then 1 end
    end
