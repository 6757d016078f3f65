DROP TRIGGER sessions_audit ON sessions;
DROP TRIGGER documents_audit ON documents;
DROP TRIGGER users_audit ON users;
DROP FUNCTION write_audit_trail();
DROP TABLE audit_trail;
