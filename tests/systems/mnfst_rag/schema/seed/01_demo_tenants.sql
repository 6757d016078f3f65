-- Two tenants to try the fences between them. May be loaded again.
INSERT INTO tenants (id, name, slug, plan) VALUES
    ('00000000-0000-4000-8000-00000000000a', 'Acme', 'acme', 'team'),
    ('00000000-0000-4000-8000-00000000000b', 'Bolt', 'bolt', 'free')
ON CONFLICT DO NOTHING;

INSERT INTO users (tenant_id, email, password_hash, role)
SELECT id, 'owner@' || slug || '.example', '$2a$06$seed', 'owner' FROM tenants WHERE slug IN ('acme', 'bolt')
ON CONFLICT DO NOTHING;

INSERT INTO documents (tenant_id, owner_id, title)
SELECT t.id, u.id, 'Welcome to ' || t.name
  FROM tenants t JOIN users u ON u.tenant_id = t.id
 WHERE t.slug IN ('acme', 'bolt') AND NOT EXISTS (SELECT FROM documents d WHERE d.tenant_id = t.id);
