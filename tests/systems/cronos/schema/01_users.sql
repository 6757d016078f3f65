-- 01 users: who may use the service

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL DEFAULT 'member',
    is_active boolean NOT NULL DEFAULT true,
    failed_logins integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_check CHECK (email = lower(email) AND email LIKE '%_@_%'),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_role_check CHECK (role IN ('member', 'admin', 'auditor', 'service')),
    CONSTRAINT users_failed_logins_check CHECK (failed_logins >= 0),
    -- Nothing but a hash may end up here.
    CONSTRAINT users_password_hash_check CHECK (password_hash LIKE '$argon2id$%')
);

CREATE INDEX idx_users_locked_until ON users (locked_until) WHERE locked_until IS NOT NULL;
