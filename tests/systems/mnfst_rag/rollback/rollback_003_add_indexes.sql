DROP INDEX idx_sessions_expires_at;
DROP INDEX idx_sessions_user_id;
DROP INDEX idx_sessions_tenant_id;
DROP INDEX idx_documents_content;
DROP INDEX idx_documents_metadata;
DROP INDEX idx_documents_owner_id;
DROP INDEX idx_documents_tenant_id;
DROP INDEX idx_users_email;
