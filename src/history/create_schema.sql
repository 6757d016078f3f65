-- The schema of the history, where it is not there yet. Only a role that may create schemas gets this far.
CREATE SCHEMA :"history_schema"
