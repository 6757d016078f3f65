CREATE INDEX idx_users_email ON users (lower(email));
CREATE INDEX idx_documents_tenant_id ON documents (tenant_id);
CREATE INDEX idx_documents_owner_id ON documents (owner_id);
CREATE INDEX idx_documents_metadata ON documents USING gin (metadata jsonb_path_ops);
CREATE INDEX idx_documents_content ON documents USING gin (to_tsvector('simple', title || ' ' || content));
CREATE INDEX idx_sessions_tenant_id ON sessions (tenant_id);
CREATE INDEX idx_sessions_user_id ON sessions (user_id);
CREATE INDEX idx_sessions_expires_at ON sessions (expires_at);
