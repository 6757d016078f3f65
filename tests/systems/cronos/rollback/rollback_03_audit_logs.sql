-- Undoes 03_audit_logs.sql
DROP TABLE audit_logs;
