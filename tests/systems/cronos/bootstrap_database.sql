-- Once for the database, by its administrator: who may do what in it.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO cronos_owner;
GRANT USAGE ON SCHEMA public TO cronos_app;

-- The record of migrations: written by the owner, read by the auditors, not even
-- visible to the application. rung keeps its tables to their owner, whatever default privileges say: once
-- they are made, GRANT SELECT ON ALL TABLES IN SCHEMA ops TO cronos_audit.
CREATE SCHEMA ops AUTHORIZATION cronos_owner;
GRANT USAGE ON SCHEMA ops TO cronos_audit;

ALTER DEFAULT PRIVILEGES FOR ROLE cronos_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cronos_app;
ALTER DEFAULT PRIVILEGES FOR ROLE cronos_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO cronos_app;
