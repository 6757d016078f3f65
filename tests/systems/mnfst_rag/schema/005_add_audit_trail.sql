-- Who changed what, with the row before and after. The function writes with its owner's rights, so
-- that nobody needs any on the trail; its search_path is its own, so that nobody can lend it tables.

CREATE TABLE audit_trail (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id  uuid,
    table_name text NOT NULL,
    row_id     text NOT NULL,
    operation  text NOT NULL,
    old_values jsonb,
    new_values jsonb,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT audit_trail_operation_check CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE'))
);
CREATE INDEX idx_audit_trail_row ON audit_trail (table_name, row_id);
CREATE INDEX idx_audit_trail_tenant_id_changed_at ON audit_trail (tenant_id, changed_at DESC);

GRANT SELECT ON audit_trail TO mnfst_app;
ALTER TABLE audit_trail ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_trail_isolation ON audit_trail FOR SELECT TO mnfst_app USING (tenant_id = current_tenant());

CREATE FUNCTION write_audit_trail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'password_hash' END;
    after  jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'password_hash' END;
    any_of jsonb := coalesce(after, before);
BEGIN
    INSERT INTO public.audit_trail (tenant_id, table_name, row_id, operation, old_values, new_values, changed_by)
    VALUES ((any_of ->> 'tenant_id')::uuid, TG_TABLE_NAME, any_of ->> 'id', TG_OP, before, after, session_user);
    RETURN NULL;
END;
$$;
REVOKE ALL ON FUNCTION write_audit_trail() FROM PUBLIC;

-- Backfills say SET app.audit = 'off' in their file: they change no fact about anybody.
CREATE TRIGGER users_audit AFTER INSERT OR UPDATE OR DELETE ON users
    FOR EACH ROW WHEN (coalesce(current_setting('app.audit', true), '') <> 'off')
    EXECUTE FUNCTION write_audit_trail();
CREATE TRIGGER documents_audit AFTER INSERT OR UPDATE OR DELETE ON documents
    FOR EACH ROW WHEN (coalesce(current_setting('app.audit', true), '') <> 'off')
    EXECUTE FUNCTION write_audit_trail();
CREATE TRIGGER sessions_audit AFTER INSERT OR UPDATE OR DELETE ON sessions
    FOR EACH ROW WHEN (coalesce(current_setting('app.audit', true), '') <> 'off')
    EXECUTE FUNCTION write_audit_trail();
