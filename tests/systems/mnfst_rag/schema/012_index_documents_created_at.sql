-- The largest table; nobody waits for this index, and what is left of a failed try is built again.

SET maintenance_work_mem = '128MB';
CREATE INDEX CONCURRENTLY idx_documents_tenant_id_created_at ON documents (tenant_id, created_at DESC);
