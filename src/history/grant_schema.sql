-- The same of a role that is to make the tables.
GRANT USAGE, CREATE ON SCHEMA :"history_schema" TO current_user
