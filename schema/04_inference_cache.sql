-- rung: on-change: converge
--
-- 04 inference cache: what was asked, and what need not be computed twice
--
-- The cache holds two kinds of entries: finished results, and the attention
-- keys and values (KV) of a prompt's beginning. Entries expire;
-- purge_inference_cache() removes those that have. Requests are the queue while
-- they wait and the record once they are done.

-- inference_cache -------------------------------------------------------------

-- No updated_at and no trigger: a hit updates the row, and hits are the one
-- thing here that has to be cheap. For the same reason no index covers the
-- columns a hit changes, so that the update can stay within its page.
CREATE TABLE IF NOT EXISTS inference_cache (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    model_id uuid NOT NULL,
    cache_kind text NOT NULL,
    cache_key text NOT NULL,
    token_count integer NOT NULL,
    size_bytes bigint NOT NULL,
    result jsonb,
    kv_payload bytea,
    kv_location text,
    hit_count bigint NOT NULL DEFAULT 0,
    last_hit_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,

    -- What a model computed is of no use to any other.
    CONSTRAINT inference_cache_model_id_fkey FOREIGN KEY (model_id)
        REFERENCES models (id) ON DELETE CASCADE,
    CONSTRAINT inference_cache_model_id_cache_kind_cache_key_key
        UNIQUE (model_id, cache_kind, cache_key),
    CONSTRAINT inference_cache_cache_kind_check CHECK (cache_kind IN ('result', 'kv')),
    CONSTRAINT inference_cache_cache_key_check CHECK (cache_key ~ '^[0-9a-f]{64}$'),
    CONSTRAINT inference_cache_token_count_check CHECK (token_count >= 0),
    CONSTRAINT inference_cache_size_bytes_check CHECK (size_bytes >= 0),
    CONSTRAINT inference_cache_hit_count_check CHECK (hit_count >= 0),
    CONSTRAINT inference_cache_content_check
        CHECK (CASE cache_kind
               WHEN 'result' THEN result IS NOT NULL AND num_nonnulls(kv_payload, kv_location) = 0
               ELSE result IS NULL AND num_nonnulls(kv_payload, kv_location) = 1
               END),
    CONSTRAINT inference_cache_expires_at_check CHECK (expires_at > created_at)
);

COMMENT ON TABLE inference_cache IS
    'Results and KV prefixes kept for the next request that can use them';
COMMENT ON COLUMN inference_cache.id IS 'Primary key';
COMMENT ON COLUMN inference_cache.model_id IS 'Model that computed the entry; deleted with it';
COMMENT ON COLUMN inference_cache.cache_kind IS
    'result for a finished answer, kv for the attention state of a prefix';
COMMENT ON COLUMN inference_cache.cache_key IS
    'SHA-256 in lower-case hex of all that determines the entry: '
    'weights, tokens, sampling parameters';
COMMENT ON COLUMN inference_cache.token_count IS 'Tokens the entry saves from being computed';
COMMENT ON COLUMN inference_cache.size_bytes IS 'Size of the content wherever it lies';
COMMENT ON COLUMN inference_cache.result IS 'The answer, for entries of kind result';
COMMENT ON COLUMN inference_cache.kv_payload IS
    'The attention state, for kv entries small enough to lie here';
COMMENT ON COLUMN inference_cache.kv_location IS
    'Where the attention state lies otherwise. '
    'Purging forgets the place; the store expires the object';
COMMENT ON COLUMN inference_cache.hit_count IS 'How often the entry was used';
COMMENT ON COLUMN inference_cache.last_hit_at IS
    'When it was last used; NULL before the first time';
COMMENT ON COLUMN inference_cache.created_at IS 'When the entry was stored';
COMMENT ON COLUMN inference_cache.expires_at IS 'From when on it must not be used; NULL for never';

-- What the purge walks along. Entries that never expire are not in its way.
CREATE INDEX IF NOT EXISTS idx_inference_cache_expires_at
    ON inference_cache (expires_at) WHERE expires_at IS NOT NULL;


-- inference_requests ----------------------------------------------------------

CREATE TABLE IF NOT EXISTS inference_requests (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    model_id uuid,
    checkpoint_id uuid,
    cache_entry_id uuid,
    status text NOT NULL DEFAULT 'queued',
    priority smallint NOT NULL DEFAULT 0,
    client text,
    input jsonb NOT NULL,
    output jsonb,
    error_message text,
    is_cache_hit boolean NOT NULL DEFAULT false,
    prompt_tokens integer,
    completion_tokens integer,
    queued_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    completed_at timestamptz,
    latency_ms double precision GENERATED ALWAYS AS
        (EXTRACT(EPOCH FROM completed_at - queued_at)::double precision * 1000) STORED,

    -- Finished requests are what bills and audits stand on, so they outlive
    -- their model. inference_requests_model_id_check stops a model from being
    -- deleted while somebody still waits for it.
    CONSTRAINT inference_requests_model_id_fkey FOREIGN KEY (model_id)
        REFERENCES models (id) ON DELETE SET NULL,
    CONSTRAINT inference_requests_model_id_check
        CHECK (model_id IS NOT NULL OR status IN ('succeeded', 'failed', 'cancelled')),
    -- Checkpoints are thinned out over time; the record stays.
    CONSTRAINT inference_requests_checkpoint_id_fkey FOREIGN KEY (checkpoint_id)
        REFERENCES checkpoints (id) ON DELETE SET NULL,
    -- Entries come and go; that a request was answered from one stays known.
    CONSTRAINT inference_requests_cache_entry_id_fkey FOREIGN KEY (cache_entry_id)
        REFERENCES inference_cache (id) ON DELETE SET NULL,
    CONSTRAINT inference_requests_status_check
        CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT inference_requests_output_check
        CHECK ((status = 'succeeded') = (output IS NOT NULL)),
    CONSTRAINT inference_requests_error_message_check
        CHECK (error_message IS NULL OR status = 'failed'),
    CONSTRAINT inference_requests_prompt_tokens_check CHECK (prompt_tokens >= 0),
    CONSTRAINT inference_requests_completion_tokens_check CHECK (completion_tokens >= 0),
    CONSTRAINT inference_requests_started_at_check
        CHECK (started_at IS NOT NULL OR status <> 'running'),
    CONSTRAINT inference_requests_duration_check
        CHECK (started_at >= queued_at AND completed_at >= queued_at AND completed_at >= started_at),
    CONSTRAINT inference_requests_completed_at_check
        CHECK ((completed_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled')))
);

COMMENT ON TABLE inference_requests IS
    'Requests to a model: the queue while they wait, the record afterwards';
COMMENT ON COLUMN inference_requests.id IS 'Primary key';
COMMENT ON COLUMN inference_requests.model_id IS
    'Model that was asked; NULL once that model is deleted';
COMMENT ON COLUMN inference_requests.checkpoint_id IS
    'Checkpoint whose weights answered; NULL for the published weights';
COMMENT ON COLUMN inference_requests.cache_entry_id IS
    'Cache entry that was used or stored; NULL without one, or once it is purged';
COMMENT ON COLUMN inference_requests.status IS
    'Life cycle: queued, running, succeeded, failed or cancelled';
COMMENT ON COLUMN inference_requests.priority IS 'Higher is served first';
COMMENT ON COLUMN inference_requests.client IS 'Who asked; NULL when anonymous';
COMMENT ON COLUMN inference_requests.input IS 'The request as it was received';
COMMENT ON COLUMN inference_requests.output IS
    'The answer; present exactly when the request succeeded';
COMMENT ON COLUMN inference_requests.error_message IS 'Why it failed; NULL unless it did';
COMMENT ON COLUMN inference_requests.is_cache_hit IS 'True when the answer used a cache entry';
COMMENT ON COLUMN inference_requests.prompt_tokens IS 'Tokens read; NULL until counted';
COMMENT ON COLUMN inference_requests.completion_tokens IS 'Tokens written; NULL until counted';
COMMENT ON COLUMN inference_requests.queued_at IS 'When the request arrived';
COMMENT ON COLUMN inference_requests.started_at IS
    'When a worker took it; NULL while queued, and when none ever had to';
COMMENT ON COLUMN inference_requests.completed_at IS 'When it was done, however it ended';
COMMENT ON COLUMN inference_requests.latency_ms IS
    'Milliseconds from arrival to end; computed, NULL until there is an end';

-- The next request to serve. Small whatever the size of the table, because a
-- request leaves it as soon as a worker takes it.
CREATE INDEX IF NOT EXISTS idx_inference_requests_priority_queued_at
    ON inference_requests (model_id, priority DESC, queued_at) WHERE status = 'queued';
-- Requests some worker took and never finished.
CREATE INDEX IF NOT EXISTS idx_inference_requests_started_at
    ON inference_requests (started_at) WHERE status = 'running';
-- Traffic of one model over time.
CREATE INDEX IF NOT EXISTS idx_inference_requests_model_id_queued_at
    ON inference_requests (model_id, queued_at DESC);
-- The purge sets these to NULL; without an index it would read every request.
CREATE INDEX IF NOT EXISTS idx_inference_requests_cache_entry_id
    ON inference_requests (cache_entry_id) WHERE cache_entry_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_inference_requests_checkpoint_id
    ON inference_requests (checkpoint_id) WHERE checkpoint_id IS NOT NULL;


-- purge_inference_cache -------------------------------------------------------

-- A bounded number of rows, oldest first, so one call is a short transaction; call
-- it again while it returns max_rows. SKIP LOCKED lets purges run side by side
-- and leaves alone what a request is using at this moment.
--
-- Arguments and result are part of the function's identity: to change them,
-- drop the old one with DROP FUNCTION IF EXISTS above this statement.
CREATE OR REPLACE FUNCTION purge_inference_cache(
    max_rows integer DEFAULT 10000,
    as_of timestamptz DEFAULT now()
) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    WITH expired AS (
        SELECT id
        FROM inference_cache
        WHERE expires_at <= as_of
        ORDER BY expires_at
        LIMIT max_rows
        FOR UPDATE SKIP LOCKED
    ), purged AS (
        DELETE FROM inference_cache AS c
        USING expired AS e
        WHERE c.id = e.id
        RETURNING c.id
    )
    SELECT count(*) FROM purged;
$$;

COMMENT ON FUNCTION purge_inference_cache(integer, timestamptz) IS
    'Deletes up to max_rows cache entries that had expired at as_of; returns how many it deleted';
