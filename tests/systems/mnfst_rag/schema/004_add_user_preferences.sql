CREATE TABLE user_preferences (
    user_id    uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    theme      varchar(20) NOT NULL DEFAULT 'system',
    language   varchar(10) NOT NULL DEFAULT 'en',
    settings   jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_preferences_theme_check CHECK (theme IN ('light', 'dark', 'system'))
);
CREATE INDEX idx_user_preferences_tenant_id ON user_preferences (tenant_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON user_preferences TO mnfst_app;
ALTER TABLE user_preferences ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_preferences_isolation ON user_preferences TO mnfst_app
    USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
