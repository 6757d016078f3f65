-- The roles stay: other databases of the server may use them.
DROP POLICY sessions_support ON sessions;
DROP POLICY documents_support ON documents;
DROP POLICY users_support ON users;
DROP POLICY tenants_support ON tenants;
DROP POLICY sessions_isolation ON sessions;
DROP POLICY documents_isolation ON documents;
DROP POLICY users_isolation ON users;
DROP POLICY tenants_isolation ON tenants;
ALTER TABLE sessions DISABLE ROW LEVEL SECURITY;
ALTER TABLE documents DISABLE ROW LEVEL SECURITY;
ALTER TABLE users DISABLE ROW LEVEL SECURITY;
ALTER TABLE tenants DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON tenants, users, documents, sessions FROM mnfst_app, mnfst_support;
DROP FUNCTION current_tenant();
