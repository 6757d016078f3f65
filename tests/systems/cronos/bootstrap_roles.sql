-- Once for the server, by its administrator:
--
--     psql -v deploy_password=... -v app_password=... -v audit_password=... -f bootstrap_roles.sql

CREATE ROLE cronos_owner NOLOGIN;
-- NOINHERIT: without SET ROLE the deploy user may do nothing, not even read.
CREATE ROLE cronos_deploy LOGIN NOINHERIT PASSWORD :'deploy_password';
CREATE ROLE cronos_app LOGIN PASSWORD :'app_password';
CREATE ROLE cronos_audit LOGIN PASSWORD :'audit_password';
GRANT cronos_owner TO cronos_deploy;
