-- What must be true after every upgrade. Fails where it is not:
--
--     psql -v ON_ERROR_STOP=1 -f verify.sql
DO $$
BEGIN
    ASSERT (SELECT count(*) FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace
            WHERE n.nspname = 'public' AND NOT c.convalidated) = 0, 'a constraint is not validated';
    ASSERT (SELECT count(*) FROM pg_index WHERE NOT indisvalid) = 0, 'an index is not valid';
    ASSERT (SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('public', 'ops') AND pg_get_userbyid(c.relowner) <> 'cronos_owner') = 0,
           'something does not belong to cronos_owner';
    ASSERT NOT has_table_privilege('cronos_app', 'ops.schema_version', 'SELECT, INSERT, UPDATE, DELETE'),
           'the application may touch the record of migrations';
END
$$;
