-- The whole schema by hand, for psql:
--
--     psql -X -1 -d mydb -f schema/00_master_schema.sql
--
-- Works from any directory, because \ir looks beside this file. With -1 the
-- tables arrive all together or not at all. Every component is idempotent, so
-- running this again on a database that is already current changes nothing.
--
-- It leaves the same schema as applying the components one by one, but writes
-- no history. "rung stamp head" afterwards records what was done by hand.
--
-- One component a line, in numeric order; a new one goes below the last.

\set ON_ERROR_STOP on

\ir 01_core_tables.sql
\ir 02_tensor_storage.sql
\ir 03_training_state.sql
\ir 04_inference_cache.sql
\ir 05_cognitive_fusion.sql
