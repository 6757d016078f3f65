-- rung: on-change: converge
--
-- 05 cognitive fusion: the reactor
--
-- A fusion run brings several sources together: models or checkpoints whose
-- weights are merged, or answers to requests that are weighed against each
-- other. Its outcome is a new model, a conclusion, or both. The reasoning traces
-- say, step by step, how it got there.

-- fusion_runs -----------------------------------------------------------------

CREATE TABLE IF NOT EXISTS fusion_runs (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    name text NOT NULL,
    strategy text NOT NULL,
    status text NOT NULL DEFAULT 'queued',
    objective text NOT NULL DEFAULT '',
    parameters jsonb NOT NULL DEFAULT '{}',
    result_model_id uuid,
    conclusion jsonb,
    coherence double precision,
    failure_reason text,
    started_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    -- The run is the record of how the model was made; it stays when the
    -- model is thrown away.
    CONSTRAINT fusion_runs_result_model_id_fkey FOREIGN KEY (result_model_id)
        REFERENCES models (id) ON DELETE SET NULL,
    CONSTRAINT fusion_runs_name_key UNIQUE (name),
    CONSTRAINT fusion_runs_name_check CHECK (name <> ''),
    CONSTRAINT fusion_runs_strategy_check
        CHECK (strategy IN ('weighted_average', 'slerp', 'task_arithmetic', 'vote',
                            'debate', 'cascade')),
    CONSTRAINT fusion_runs_status_check
        CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT fusion_runs_parameters_check CHECK (jsonb_typeof(parameters) = 'object'),
    CONSTRAINT fusion_runs_coherence_check CHECK (coherence BETWEEN 0 AND 1),
    CONSTRAINT fusion_runs_failure_reason_check CHECK (failure_reason IS NULL OR status = 'failed'),
    CONSTRAINT fusion_runs_started_at_check
        CHECK (started_at IS NOT NULL OR status IN ('queued', 'cancelled')),
    CONSTRAINT fusion_runs_ended_at_check
        CHECK ((ended_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled'))),
    CONSTRAINT fusion_runs_duration_check CHECK (ended_at >= started_at)
);

COMMENT ON TABLE fusion_runs IS
    'One run that combines several sources into one result';
COMMENT ON COLUMN fusion_runs.id IS 'Primary key';
COMMENT ON COLUMN fusion_runs.name IS 'Name of the run, unique';
COMMENT ON COLUMN fusion_runs.strategy IS
    'How sources are brought together. Weights: weighted_average, slerp, task_arithmetic. '
    'Answers: vote, debate, cascade';
COMMENT ON COLUMN fusion_runs.status IS
    'Life cycle: queued, running, completed, failed or cancelled';
COMMENT ON COLUMN fusion_runs.objective IS 'What the run is meant to find out or make';
COMMENT ON COLUMN fusion_runs.parameters IS 'Settings of the strategy';
COMMENT ON COLUMN fusion_runs.result_model_id IS
    'Model the run made; NULL when it made none, or once that model is deleted';
COMMENT ON COLUMN fusion_runs.conclusion IS
    'Answer the run arrived at; NULL when it made only a model';
COMMENT ON COLUMN fusion_runs.coherence IS
    'How well the sources agreed, from 0 to 1; NULL until it is measured';
COMMENT ON COLUMN fusion_runs.failure_reason IS 'Why the run failed; NULL unless it did';
COMMENT ON COLUMN fusion_runs.started_at IS 'When it started; NULL while queued';
COMMENT ON COLUMN fusion_runs.ended_at IS 'When it ended, however it ended';
COMMENT ON COLUMN fusion_runs.created_at IS 'When the row was created';
COMMENT ON COLUMN fusion_runs.updated_at IS 'When the row last changed; kept by trigger';

-- The reactor's queue and what it is working on.
CREATE INDEX IF NOT EXISTS idx_fusion_runs_status_created_at
    ON fusion_runs (status, created_at) WHERE status IN ('queued', 'running');
-- Where did this model come from?
CREATE INDEX IF NOT EXISTS idx_fusion_runs_result_model_id
    ON fusion_runs (result_model_id) WHERE result_model_id IS NOT NULL;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'fusion_runs'::regclass
                   AND tgname = 'fusion_runs_touch_updated_at') THEN
        CREATE TRIGGER fusion_runs_touch_updated_at BEFORE UPDATE ON fusion_runs
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
    END IF;
END
$$;


-- fusion_inputs ---------------------------------------------------------------

CREATE TABLE IF NOT EXISTS fusion_inputs (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    fusion_run_id uuid NOT NULL,
    position integer NOT NULL,
    model_id uuid,
    checkpoint_id uuid,
    inference_request_id uuid,
    weight double precision NOT NULL DEFAULT 1,
    role text NOT NULL DEFAULT 'source',
    created_at timestamptz NOT NULL DEFAULT now(),

    -- Inputs and traces are the inside of a run and have no life outside it.
    CONSTRAINT fusion_inputs_fusion_run_id_fkey FOREIGN KEY (fusion_run_id)
        REFERENCES fusion_runs (id) ON DELETE CASCADE,
    -- An outcome is only as traceable as its sources, so these stay for as
    -- long as the run does.
    CONSTRAINT fusion_inputs_model_id_fkey FOREIGN KEY (model_id)
        REFERENCES models (id) ON DELETE RESTRICT,
    CONSTRAINT fusion_inputs_checkpoint_id_fkey FOREIGN KEY (checkpoint_id)
        REFERENCES checkpoints (id) ON DELETE RESTRICT,
    CONSTRAINT fusion_inputs_inference_request_id_fkey FOREIGN KEY (inference_request_id)
        REFERENCES inference_requests (id) ON DELETE RESTRICT,
    CONSTRAINT fusion_inputs_id_fusion_run_id_key UNIQUE (id, fusion_run_id),
    CONSTRAINT fusion_inputs_fusion_run_id_position_key UNIQUE (fusion_run_id, position) DEFERRABLE,
    CONSTRAINT fusion_inputs_position_check CHECK (position >= 0),
    CONSTRAINT fusion_inputs_source_check
        CHECK (num_nonnulls(model_id, checkpoint_id, inference_request_id) = 1),
    -- Not necessarily positive: task arithmetic also subtracts. But a number.
    CONSTRAINT fusion_inputs_weight_check
        CHECK (weight > '-Infinity' AND weight < 'Infinity'),
    CONSTRAINT fusion_inputs_role_check CHECK (role IN ('base', 'source', 'critic', 'judge'))
);

COMMENT ON TABLE fusion_inputs IS
    'What goes into a fusion run: a model, a checkpoint or an answered request';
COMMENT ON COLUMN fusion_inputs.id IS 'Primary key';
COMMENT ON COLUMN fusion_inputs.fusion_run_id IS 'Run the input goes into; deleted with it';
COMMENT ON COLUMN fusion_inputs.position IS 'Place among the inputs, counted from 0';
COMMENT ON COLUMN fusion_inputs.model_id IS
    'The source, when it is a model; exactly one of the three is set';
COMMENT ON COLUMN fusion_inputs.checkpoint_id IS 'The source, when it is a checkpoint';
COMMENT ON COLUMN fusion_inputs.inference_request_id IS
    'The source, when it is an answered request';
COMMENT ON COLUMN fusion_inputs.weight IS 'How much the source counts';
COMMENT ON COLUMN fusion_inputs.role IS 'Part the source plays: base, source, critic or judge';
COMMENT ON COLUMN fusion_inputs.created_at IS 'When the row was created';

CREATE INDEX IF NOT EXISTS idx_fusion_inputs_model_id
    ON fusion_inputs (model_id) WHERE model_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_fusion_inputs_checkpoint_id
    ON fusion_inputs (checkpoint_id) WHERE checkpoint_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_fusion_inputs_inference_request_id
    ON fusion_inputs (inference_request_id) WHERE inference_request_id IS NOT NULL;


-- reasoning_traces ------------------------------------------------------------

CREATE TABLE IF NOT EXISTS reasoning_traces (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    fusion_run_id uuid NOT NULL,
    parent_trace_id uuid,
    fusion_input_id uuid,
    step_index integer NOT NULL,
    kind text NOT NULL,
    content text NOT NULL,
    confidence double precision,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),

    -- As with inputs.
    CONSTRAINT reasoning_traces_fusion_run_id_fkey FOREIGN KEY (fusion_run_id)
        REFERENCES fusion_runs (id) ON DELETE CASCADE,
    CONSTRAINT reasoning_traces_id_fusion_run_id_key UNIQUE (id, fusion_run_id),
    -- Both columns again: a step follows from a step, and uses an input, of its
    -- own run. Without its premise a step is unfounded and goes too.
    CONSTRAINT reasoning_traces_parent_trace_id_fusion_run_id_fkey
        FOREIGN KEY (parent_trace_id, fusion_run_id)
        REFERENCES reasoning_traces (id, fusion_run_id) ON DELETE CASCADE,
    -- NO ACTION, not RESTRICT: an input that was reasoned about cannot be taken
    -- out of its run, yet deleting the run takes inputs and traces together,
    -- because NO ACTION is judged only at the end of the statement.
    CONSTRAINT reasoning_traces_fusion_input_id_fusion_run_id_fkey
        FOREIGN KEY (fusion_input_id, fusion_run_id)
        REFERENCES fusion_inputs (id, fusion_run_id) ON DELETE NO ACTION,
    CONSTRAINT reasoning_traces_fusion_run_id_step_index_key UNIQUE (fusion_run_id, step_index),
    CONSTRAINT reasoning_traces_parent_trace_id_check CHECK (parent_trace_id <> id),
    CONSTRAINT reasoning_traces_step_index_check CHECK (step_index >= 0),
    CONSTRAINT reasoning_traces_kind_check
        CHECK (kind IN ('observation', 'hypothesis', 'inference', 'critique', 'conclusion')),
    CONSTRAINT reasoning_traces_content_check CHECK (content <> ''),
    CONSTRAINT reasoning_traces_confidence_check CHECK (confidence BETWEEN 0 AND 1),
    CONSTRAINT reasoning_traces_details_check CHECK (jsonb_typeof(details) = 'object')
);

COMMENT ON TABLE reasoning_traces IS
    'The steps of a fusion run, each following from an earlier one';
COMMENT ON COLUMN reasoning_traces.id IS 'Primary key';
COMMENT ON COLUMN reasoning_traces.fusion_run_id IS 'Run the step is part of; deleted with it';
COMMENT ON COLUMN reasoning_traces.parent_trace_id IS
    'Step this one follows from; NULL for a starting point';
COMMENT ON COLUMN reasoning_traces.fusion_input_id IS
    'Input the step is about; NULL when it is about several or none';
COMMENT ON COLUMN reasoning_traces.step_index IS
    'Order in which the steps were taken, counted from 0';
COMMENT ON COLUMN reasoning_traces.kind IS
    'Nature of the step: observation, hypothesis, inference, critique or conclusion';
COMMENT ON COLUMN reasoning_traces.content IS 'The step in words';
COMMENT ON COLUMN reasoning_traces.confidence IS
    'How sure the reactor was, from 0 to 1; NULL when not rated';
COMMENT ON COLUMN reasoning_traces.details IS 'Evidence and measurements that go with the step';
COMMENT ON COLUMN reasoning_traces.created_at IS 'When the step was taken';

CREATE INDEX IF NOT EXISTS idx_reasoning_traces_parent_trace_id
    ON reasoning_traces (parent_trace_id) WHERE parent_trace_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_reasoning_traces_fusion_input_id
    ON reasoning_traces (fusion_input_id) WHERE fusion_input_id IS NOT NULL;
-- What a run concluded, without reading how.
CREATE INDEX IF NOT EXISTS idx_reasoning_traces_fusion_run_id_kind
    ON reasoning_traces (fusion_run_id) WHERE kind = 'conclusion';
