-- Neurons, the processes that run on them and what entangles them; every change of state is kept.

CREATE TYPE quantum_state AS ENUM ('initialized', 'superposed', 'entangled', 'collapsed', 'decohered');

CREATE TABLE quantum_neurons (
    id              uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    owner_id        uuid REFERENCES users (id) ON DELETE SET NULL,
    label           varchar(100) NOT NULL,
    state           quantum_state NOT NULL DEFAULT 'initialized',
    amplitude_re    double precision NOT NULL DEFAULT 1,
    amplitude_im    double precision NOT NULL DEFAULT 0,
    coherence       double precision NOT NULL DEFAULT 1,
    coherence_until timestamptz,
    configuration   jsonb NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT quantum_neurons_label_key UNIQUE (label),
    CONSTRAINT quantum_neurons_coherence_check CHECK (coherence BETWEEN 0 AND 1),
    CONSTRAINT quantum_neurons_amplitude_check
        CHECK (amplitude_re * amplitude_re + amplitude_im * amplitude_im <= 1.000001)
);
CREATE INDEX idx_quantum_neurons_owner_id ON quantum_neurons (owner_id);
CREATE INDEX idx_quantum_neurons_state ON quantum_neurons (state) WHERE state <> 'decohered';
CREATE TRIGGER quantum_neurons_touch BEFORE UPDATE ON quantum_neurons
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE quantum_processes (
    id          uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    neuron_id   uuid NOT NULL REFERENCES quantum_neurons (id) ON DELETE CASCADE,
    kind        varchar(50) NOT NULL,
    status      varchar(20) NOT NULL DEFAULT 'queued',
    priority    smallint NOT NULL DEFAULT 5,
    input       jsonb,
    result      jsonb,
    error       text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    started_at  timestamptz,
    finished_at timestamptz,
    CONSTRAINT quantum_processes_status_check
        CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT quantum_processes_priority_check CHECK (priority BETWEEN 0 AND 9),
    CONSTRAINT quantum_processes_times_check CHECK (finished_at IS NULL OR finished_at >= started_at)
);
CREATE INDEX idx_quantum_processes_neuron_id ON quantum_processes (neuron_id);
CREATE INDEX idx_quantum_processes_queue ON quantum_processes (priority DESC, created_at) WHERE status = 'queued';

CREATE TABLE quantum_entanglements (
    neuron_a    uuid NOT NULL REFERENCES quantum_neurons (id) ON DELETE CASCADE,
    neuron_b    uuid NOT NULL REFERENCES quantum_neurons (id) ON DELETE CASCADE,
    strength    double precision NOT NULL,
    bell_state  varchar(8) NOT NULL DEFAULT 'phi+',
    created_at  timestamptz NOT NULL DEFAULT now(),
    broken_at   timestamptz,
    PRIMARY KEY (neuron_a, neuron_b),
    CONSTRAINT quantum_entanglements_order_check CHECK (neuron_a < neuron_b),
    CONSTRAINT quantum_entanglements_strength_check CHECK (strength > 0 AND strength <= 1),
    CONSTRAINT quantum_entanglements_bell_state_check CHECK (bell_state IN ('phi+', 'phi-', 'psi+', 'psi-'))
);
CREATE INDEX idx_quantum_entanglements_neuron_b ON quantum_entanglements (neuron_b);

CREATE TABLE quantum_state_changes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    neuron_id  uuid NOT NULL REFERENCES quantum_neurons (id) ON DELETE CASCADE,
    from_state quantum_state,
    to_state   quantum_state NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_quantum_state_changes_neuron_id ON quantum_state_changes (neuron_id, changed_at);

CREATE FUNCTION track_quantum_state() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO quantum_state_changes (neuron_id, to_state) VALUES (NEW.id, NEW.state);
    ELSIF NEW.state IS DISTINCT FROM OLD.state THEN
        IF OLD.state = 'decohered' THEN
            RAISE EXCEPTION 'neuron % has decohered and cannot become %', OLD.label, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO quantum_state_changes (neuron_id, from_state, to_state)
        VALUES (NEW.id, OLD.state, NEW.state);
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER quantum_neurons_state AFTER INSERT OR UPDATE OF state ON quantum_neurons
    FOR EACH ROW EXECUTE FUNCTION track_quantum_state();
