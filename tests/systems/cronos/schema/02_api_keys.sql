-- 02 API keys: how programs authenticate

CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    scopes text[] NOT NULL DEFAULT '{read}',
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT api_keys_user_id_name_key UNIQUE (user_id, name),
    CONSTRAINT api_keys_key_key UNIQUE (key),
    CONSTRAINT api_keys_key_check CHECK (length(key) >= 32),
    CONSTRAINT api_keys_scopes_check CHECK (scopes <@ '{read,write,admin}' AND cardinality(scopes) > 0),
    CONSTRAINT api_keys_expires_at_check CHECK (expires_at > created_at)
);

CREATE INDEX idx_api_keys_expires_at ON api_keys (expires_at) WHERE revoked_at IS NULL;
