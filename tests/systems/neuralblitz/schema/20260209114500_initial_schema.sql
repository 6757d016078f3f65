-- The base: extensions, accounts, sessions, the audit trail and metrics.
-- The migration history is kept by the tool itself (rung.ini: history_table).

CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
CREATE EXTENSION IF NOT EXISTS pgcrypto;

CREATE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$;

CREATE TABLE users (
    id            uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    username      varchar(50) NOT NULL,
    email         varchar(255) NOT NULL,
    password_hash text NOT NULL,
    role          varchar(20) NOT NULL DEFAULT 'user',
    is_active     boolean NOT NULL DEFAULT true,
    last_login_at timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_email_check CHECK (email ~ '^[^@\s]+@[^@\s]+$'),
    CONSTRAINT users_password_hash_check CHECK (password_hash LIKE '$2_$%'),
    CONSTRAINT users_role_check CHECK (role IN ('admin', 'researcher', 'user', 'guest'))
);
COMMENT ON TABLE users IS 'Accounts; the password is kept as a bcrypt hash only';
CREATE UNIQUE INDEX idx_users_email ON users (lower(email));
CREATE TRIGGER users_touch BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE user_sessions (
    id          uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id     uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash  bytea NOT NULL,
    ip_address  inet,
    user_agent  text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    CONSTRAINT user_sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT user_sessions_expires_at_check CHECK (expires_at > created_at)
);
COMMENT ON COLUMN user_sessions.token_hash IS 'SHA-256 of the token; the token itself is never stored';
CREATE INDEX idx_user_sessions_user_id ON user_sessions (user_id);
CREATE INDEX idx_user_sessions_expires_at ON user_sessions (expires_at) WHERE revoked_at IS NULL;

CREATE TABLE audit_logs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       uuid REFERENCES users (id) ON DELETE SET NULL,
    action        varchar(100) NOT NULL,
    resource_type varchar(100),
    resource_id   uuid,
    details       jsonb NOT NULL DEFAULT '{}',
    ip_address    inet,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_audit_logs_user_id_created_at ON audit_logs (user_id, created_at DESC);
CREATE INDEX idx_audit_logs_resource ON audit_logs (resource_type, resource_id);

CREATE TABLE system_metrics (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    metric_name varchar(100) NOT NULL,
    value       double precision NOT NULL,
    unit        varchar(20),
    tags        jsonb NOT NULL DEFAULT '{}',
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_system_metrics_metric_name_recorded_at ON system_metrics (metric_name, recorded_at DESC);
CREATE INDEX idx_system_metrics_tags ON system_metrics USING gin (tags);
