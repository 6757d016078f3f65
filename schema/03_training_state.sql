-- rung: on-change: converge
--
-- 03 training state: how a model came to be what it is
--
-- A training session works on one model. It leaves checkpoints to continue or
-- serve from, and metrics: one value for each metric type at each step of each
-- epoch.

-- training_sessions -----------------------------------------------------------

CREATE TABLE IF NOT EXISTS training_sessions (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    model_id uuid NOT NULL,
    name text NOT NULL,
    status text NOT NULL DEFAULT 'queued',
    optimizer text NOT NULL,
    learning_rate double precision NOT NULL,
    batch_size integer NOT NULL,
    planned_epochs integer NOT NULL,
    current_epoch integer NOT NULL DEFAULT 0,
    random_seed bigint,
    dataset_uri text,
    hyperparameters jsonb NOT NULL DEFAULT '{}',
    failure_reason text,
    started_at timestamptz,
    last_heartbeat_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    -- Training is what a model cost. It is not deleted along the way: archive
    -- the model, or delete its sessions first and mean it.
    CONSTRAINT training_sessions_model_id_fkey FOREIGN KEY (model_id)
        REFERENCES models (id) ON DELETE RESTRICT,
    CONSTRAINT training_sessions_model_id_name_key UNIQUE (model_id, name),
    CONSTRAINT training_sessions_name_check CHECK (name <> ''),
    CONSTRAINT training_sessions_status_check
        CHECK (status IN ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
    CONSTRAINT training_sessions_learning_rate_check CHECK (learning_rate > 0),
    CONSTRAINT training_sessions_batch_size_check CHECK (batch_size > 0),
    CONSTRAINT training_sessions_planned_epochs_check CHECK (planned_epochs > 0),
    CONSTRAINT training_sessions_current_epoch_check
        CHECK (current_epoch BETWEEN 0 AND planned_epochs),
    CONSTRAINT training_sessions_hyperparameters_check
        CHECK (jsonb_typeof(hyperparameters) = 'object'),
    CONSTRAINT training_sessions_failure_reason_check
        CHECK (failure_reason IS NULL OR status = 'failed'),
    CONSTRAINT training_sessions_started_at_check
        CHECK (started_at IS NOT NULL OR status IN ('queued', 'cancelled')),
    CONSTRAINT training_sessions_ended_at_check
        CHECK ((ended_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled'))),
    CONSTRAINT training_sessions_duration_check CHECK (ended_at >= started_at)
);

COMMENT ON TABLE training_sessions IS 'One attempt at training a model';
COMMENT ON COLUMN training_sessions.id IS 'Primary key';
COMMENT ON COLUMN training_sessions.model_id IS
    'Model being trained; it cannot be deleted while sessions exist';
COMMENT ON COLUMN training_sessions.name IS 'Name of the session, unique within its model';
COMMENT ON COLUMN training_sessions.status IS
    'Life cycle: queued, running, paused, completed, failed or cancelled';
COMMENT ON COLUMN training_sessions.optimizer IS 'Optimizer, such as adamw';
COMMENT ON COLUMN training_sessions.learning_rate IS 'Learning rate at the peak of its schedule';
COMMENT ON COLUMN training_sessions.batch_size IS 'Samples in one step, over all devices';
COMMENT ON COLUMN training_sessions.planned_epochs IS 'Number of epochs asked for';
COMMENT ON COLUMN training_sessions.current_epoch IS 'Number of epochs finished';
COMMENT ON COLUMN training_sessions.random_seed IS
    'Seed of the random numbers; NULL when it was not fixed';
COMMENT ON COLUMN training_sessions.dataset_uri IS 'Where the training data lies';
COMMENT ON COLUMN training_sessions.hyperparameters IS
    'Further settings, as the trainer received them';
COMMENT ON COLUMN training_sessions.failure_reason IS 'Why the session failed; NULL unless it did';
COMMENT ON COLUMN training_sessions.started_at IS 'When training began; NULL while queued';
COMMENT ON COLUMN training_sessions.last_heartbeat_at IS 'When the trainer last said it was alive';
COMMENT ON COLUMN training_sessions.ended_at IS 'When training ended, however it ended';
COMMENT ON COLUMN training_sessions.created_at IS 'When the row was created';
COMMENT ON COLUMN training_sessions.updated_at IS 'When the row last changed; kept by trigger';

-- The sessions of a model, newest first.
CREATE INDEX IF NOT EXISTS idx_training_sessions_model_id_created_at
    ON training_sessions (model_id, created_at DESC);
-- Running sessions that have gone silent, which the watchdog asks for every minute.
CREATE INDEX IF NOT EXISTS idx_training_sessions_last_heartbeat_at
    ON training_sessions (last_heartbeat_at) WHERE status = 'running';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'training_sessions'::regclass
                   AND tgname = 'training_sessions_touch_updated_at') THEN
        CREATE TRIGGER training_sessions_touch_updated_at BEFORE UPDATE ON training_sessions
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
    END IF;
END
$$;


-- checkpoints -----------------------------------------------------------------

CREATE TABLE IF NOT EXISTS checkpoints (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    training_session_id uuid NOT NULL,
    epoch integer NOT NULL,
    step bigint NOT NULL,
    is_best boolean NOT NULL DEFAULT false,
    storage_tier_id uuid NOT NULL,
    location text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    includes_optimizer boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),

    -- Who deletes a session means all it left behind.
    CONSTRAINT checkpoints_training_session_id_fkey FOREIGN KEY (training_session_id)
        REFERENCES training_sessions (id) ON DELETE CASCADE,
    -- As with chunks: a tier is emptied before it is removed.
    CONSTRAINT checkpoints_storage_tier_id_fkey FOREIGN KEY (storage_tier_id)
        REFERENCES storage_tiers (id) ON DELETE RESTRICT,
    CONSTRAINT checkpoints_training_session_id_epoch_step_key
        UNIQUE (training_session_id, epoch, step),
    CONSTRAINT checkpoints_epoch_check CHECK (epoch >= 0),
    CONSTRAINT checkpoints_step_check CHECK (step >= 0),
    CONSTRAINT checkpoints_location_check CHECK (location <> ''),
    CONSTRAINT checkpoints_size_bytes_check CHECK (size_bytes > 0),
    CONSTRAINT checkpoints_sha256_check CHECK (octet_length(sha256) = 32)
);

COMMENT ON TABLE checkpoints IS
    'The state of a training session at one step, to continue or serve from';
COMMENT ON COLUMN checkpoints.id IS 'Primary key';
COMMENT ON COLUMN checkpoints.training_session_id IS
    'Session that wrote the checkpoint; it is deleted with the session';
COMMENT ON COLUMN checkpoints.epoch IS 'Epoch it was taken in, counted from 0';
COMMENT ON COLUMN checkpoints.step IS 'Optimizer steps since the session began';
COMMENT ON COLUMN checkpoints.is_best IS 'True for the best of its session; at most one is';
COMMENT ON COLUMN checkpoints.storage_tier_id IS 'Tier that holds the file';
COMMENT ON COLUMN checkpoints.location IS 'Where on the tier, below its base_uri';
COMMENT ON COLUMN checkpoints.size_bytes IS 'Size of the file';
COMMENT ON COLUMN checkpoints.sha256 IS 'SHA-256 of the file';
COMMENT ON COLUMN checkpoints.includes_optimizer IS
    'True when training can continue from it, false for weights alone';
COMMENT ON COLUMN checkpoints.created_at IS 'When the checkpoint was taken';

-- One best checkpoint for each session, and the way to find it.
CREATE UNIQUE INDEX IF NOT EXISTS idx_checkpoints_training_session_id_is_best
    ON checkpoints (training_session_id) WHERE is_best;
CREATE INDEX IF NOT EXISTS idx_checkpoints_storage_tier_id ON checkpoints (storage_tier_id);


-- training_metrics ------------------------------------------------------------

CREATE TABLE IF NOT EXISTS training_metrics (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    training_session_id uuid NOT NULL,
    epoch integer NOT NULL,
    metric_type text NOT NULL,
    split text NOT NULL DEFAULT 'train',
    step bigint NOT NULL,
    value double precision NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),

    -- As with checkpoints.
    CONSTRAINT training_metrics_training_session_id_fkey FOREIGN KEY (training_session_id)
        REFERENCES training_sessions (id) ON DELETE CASCADE,
    -- A trainer that resumes may send a value again but not a second one. The
    -- index behind this key also answers: all values of a session and epoch,
    -- and of one metric type within them.
    CONSTRAINT training_metrics_point_key
        UNIQUE (training_session_id, epoch, metric_type, split, step),
    CONSTRAINT training_metrics_epoch_check CHECK (epoch >= 0),
    -- Not a list: trainers invent metrics. But one spelling for each.
    CONSTRAINT training_metrics_metric_type_check CHECK (metric_type ~ '^[a-z][a-z0-9_]*$'),
    CONSTRAINT training_metrics_split_check CHECK (split IN ('train', 'validation', 'test')),
    CONSTRAINT training_metrics_step_check CHECK (step >= 0)
);

COMMENT ON TABLE training_metrics IS
    'Measured values of a session, by epoch and metric type; written once, never updated';
COMMENT ON COLUMN training_metrics.id IS 'Primary key';
COMMENT ON COLUMN training_metrics.training_session_id IS
    'Session that was measured; its metrics are deleted with it';
COMMENT ON COLUMN training_metrics.epoch IS 'Epoch of the measurement, counted from 0';
COMMENT ON COLUMN training_metrics.metric_type IS
    'What was measured: loss, accuracy, perplexity, gradient_norm and so on';
COMMENT ON COLUMN training_metrics.split IS 'Data it was measured on: train, validation or test';
COMMENT ON COLUMN training_metrics.step IS 'Optimizer steps since the session began';
COMMENT ON COLUMN training_metrics.value IS
    'The value. NaN and Infinity are kept, for they are how a diverging run shows';
COMMENT ON COLUMN training_metrics.recorded_at IS 'When it was measured';

-- One curve over all epochs: loss of this session on validation data.
CREATE INDEX IF NOT EXISTS idx_training_metrics_training_session_id_metric_type
    ON training_metrics (training_session_id, metric_type, split, step);
