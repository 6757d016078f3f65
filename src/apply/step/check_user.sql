-- Whether the session acts as $1 again after a file that changed settings or ran under --role. If not, the
-- cast raises an error that names who it is.
select case when current_user operator(pg_catalog.<>) $1::pg_catalog.name
            then pg_catalog.concat('rung: user ', current_user, ' :rung')::pg_catalog.int4 end
