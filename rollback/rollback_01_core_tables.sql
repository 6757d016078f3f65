-- Takes back 01_core_tables: models, their components and layers, the view over
-- them. All rows are lost.
--
-- Nothing is dropped with CASCADE: whatever else was built on these tables makes
-- this fail and stays, rather than disappearing with them. Triggers, indexes and
-- comments go with their tables.

DROP VIEW IF EXISTS v_model_architecture;
DROP TABLE IF EXISTS model_layers;
DROP TABLE IF EXISTS model_components;
DROP TABLE IF EXISTS models;
DROP FUNCTION IF EXISTS touch_updated_at();

-- The extension belongs to the whole database, so it goes only when all of this
-- is true:
--   * 01_core_tables created it, which its comment tells. A copy that was there
--     before is part of the state to return to;
--   * no function calls it. Bodies are text to PostgreSQL, which would let the
--     extension go and the function fail at its next call;
--   * nothing else depends on it, such as the default of a column elsewhere.
--     That PostgreSQL knows, and answers.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_extension AS e
        WHERE e.extname = 'uuid-ossp'
          AND obj_description(e.oid, 'pg_extension') LIKE '%; created by 01_core_tables'
    ) AND NOT EXISTS (
        SELECT FROM pg_proc AS p
        WHERE p.prosrc LIKE '%uuid\_generate\_v%'
          AND NOT EXISTS (SELECT FROM pg_depend AS d
                          WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')
    ) THEN
        BEGIN
            DROP EXTENSION IF EXISTS "uuid-ossp";
        EXCEPTION WHEN dependent_objects_still_exist THEN
            RAISE NOTICE 'extension "uuid-ossp" is used elsewhere and stays';
        END;
    END IF;
END
$$;
