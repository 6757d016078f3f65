-- 03 audit logs: what was done, by whom, from where; nobody may change it later

CREATE TABLE audit_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Outlives the user it speaks of.
    user_id bigint REFERENCES users (id) ON DELETE SET NULL,
    api_key_id bigint REFERENCES api_keys (id) ON DELETE SET NULL,
    action text NOT NULL,
    resource text NOT NULL,
    outcome text NOT NULL,
    client_address inet,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_logs_action_check CHECK (action ~ '^[a-z_]+(\.[a-z_]+)*$'),
    CONSTRAINT audit_logs_outcome_check CHECK (outcome IN ('allowed', 'denied', 'failed')),
    CONSTRAINT audit_logs_details_check CHECK (jsonb_typeof(details) = 'object')
);

CREATE INDEX idx_audit_logs_user_id_created_at ON audit_logs (user_id, created_at DESC);
CREATE INDEX idx_audit_logs_created_at ON audit_logs USING brin (created_at);

-- Not on every server is there an application: a scratch one has no roles.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cronos_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_logs FROM cronos_app;
    END IF;
END
$$;
