-- A tenant sees and writes its own rows and nobody else's. The application connects as a member of
-- mnfst_app and says at the start of each transaction for whom: SET LOCAL app.tenant_id = '...'.
-- Without that it sees nothing. Support reads everything and writes nothing. The owner of the
-- tables, who migrates, is not bound by policies.

-- Roles belong to the server, not to the database: they may be there already.
DO $$
BEGIN
    CREATE ROLE mnfst_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
    CREATE ROLE mnfst_support NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

CREATE FUNCTION current_tenant() RETURNS uuid
LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

GRANT SELECT ON tenants TO mnfst_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON users, documents, sessions TO mnfst_app;
GRANT SELECT ON tenants, users, documents, sessions TO mnfst_support;

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenants_isolation ON tenants FOR SELECT TO mnfst_app USING (id = current_tenant());
CREATE POLICY users_isolation ON users TO mnfst_app
    USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY documents_isolation ON documents TO mnfst_app
    USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY sessions_isolation ON sessions TO mnfst_app
    USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

CREATE POLICY tenants_support ON tenants FOR SELECT TO mnfst_support USING (true);
CREATE POLICY users_support ON users FOR SELECT TO mnfst_support USING (true);
CREATE POLICY documents_support ON documents FOR SELECT TO mnfst_support USING (true);
CREATE POLICY sessions_support ON sessions FOR SELECT TO mnfst_support USING (true);
