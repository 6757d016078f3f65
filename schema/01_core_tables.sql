-- rung: on-change: converge
--
-- 01 core tables: what a model is
--
-- A model is a name and a version. It is built of components (an embedding, a
-- decoder, a head) in a fixed order, and each component of layers in a fixed
-- order. Every other component of the schema hangs off these three tables.
--
-- Conventions, here and in the files that follow:
--   * names are not schema-qualified: the search_path decides where things go;
--   * primary keys are random uuids, so rows made on different machines merge;
--   * states are text with a named CHECK, because adding a value to a CHECK is
--     a transaction and removing one from an enum type is not possible at all;
--   * every statement may run again. A new column is added at the end of its
--     table's section with ALTER TABLE ... ADD COLUMN IF NOT EXISTS.

-- uuid-ossp rather than gen_random_uuid(): the latter is built in only from
-- PostgreSQL 13, and this schema also runs on 12.
--
-- The rollback may drop the extension only if it was made here, so a copy of
-- our own is marked by its comment. Where the provider keeps ownership of
-- extensions the mark is refused; the extension then simply outlives us.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'uuid-ossp') THEN
        CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
        BEGIN
            COMMENT ON EXTENSION "uuid-ossp" IS
                'generate universally unique identifiers (UUIDs); created by 01_core_tables';
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'extension "uuid-ossp" could not be marked, a rollback will keep it';
        END;
    END IF;

    -- It may be installed in a schema this session does not look into, and
    -- "function uuid_generate_v4() does not exist" would not say so.
    IF to_regprocedure('uuid_generate_v4()') IS NULL THEN
        RAISE EXCEPTION 'extension "uuid-ossp" is installed in schema "%", outside the search_path',
            (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'uuid-ossp')
            USING ERRCODE = 'undefined_function',
                  HINT = 'Add that schema to the end of the search_path.';
    END IF;
END
$$;

-- Compares inside the function rather than in the trigger's WHEN: PostgreSQL
-- refuses OLD.* IS DISTINCT FROM NEW.* there once a table has a generated column.
CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION touch_updated_at() IS
    'Trigger function: sets updated_at to the transaction time when an UPDATE really changes the row';


-- models ----------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS models (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    name text NOT NULL,
    version text NOT NULL,
    architecture text NOT NULL,
    description text NOT NULL DEFAULT '',
    status text NOT NULL DEFAULT 'draft',
    parameter_count bigint,
    context_length integer,
    config jsonb NOT NULL DEFAULT '{}',
    parent_model_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT models_name_version_key UNIQUE (name, version),
    -- A fine-tuned model stands on its own weights, so it outlives its base.
    CONSTRAINT models_parent_model_id_fkey FOREIGN KEY (parent_model_id)
        REFERENCES models (id) ON DELETE SET NULL,
    CONSTRAINT models_parent_model_id_check CHECK (parent_model_id <> id),
    CONSTRAINT models_name_check CHECK (name <> ''),
    CONSTRAINT models_version_check CHECK (version <> ''),
    CONSTRAINT models_status_check
        CHECK (status IN ('draft', 'training', 'ready', 'serving', 'archived')),
    CONSTRAINT models_parameter_count_check CHECK (parameter_count >= 0),
    CONSTRAINT models_context_length_check CHECK (context_length > 0),
    CONSTRAINT models_config_check CHECK (jsonb_typeof(config) = 'object')
);

COMMENT ON TABLE models IS 'One version of one model: the root everything else refers to';
COMMENT ON COLUMN models.id IS 'Primary key';
COMMENT ON COLUMN models.name IS 'Name shared by all versions of the model';
COMMENT ON COLUMN models.version IS 'Version of the model, unique within its name';
COMMENT ON COLUMN models.architecture IS 'Family of the network, such as decoder-transformer';
COMMENT ON COLUMN models.description IS 'What the model is for, in a sentence or two';
COMMENT ON COLUMN models.status IS 'Life cycle: draft, training, ready, serving or archived';
COMMENT ON COLUMN models.parameter_count IS
    'Published number of parameters; NULL until it is known';
COMMENT ON COLUMN models.context_length IS
    'Longest input in tokens; NULL for models that do not read tokens';
COMMENT ON COLUMN models.config IS 'Hyperparameters that no query needs as columns';
COMMENT ON COLUMN models.parent_model_id IS
    'Model this one was derived from, such as its base model';
COMMENT ON COLUMN models.created_at IS 'When the row was created';
COMMENT ON COLUMN models.updated_at IS 'When the row last changed; kept by trigger';

-- Lists of living models by state; the archive grows for ever and is not in it.
CREATE INDEX IF NOT EXISTS idx_models_status
    ON models (status, name) WHERE status <> 'archived';
CREATE INDEX IF NOT EXISTS idx_models_parent_model_id
    ON models (parent_model_id) WHERE parent_model_id IS NOT NULL;

-- CREATE OR REPLACE TRIGGER exists only from PostgreSQL 14.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'models'::regclass
                   AND tgname = 'models_touch_updated_at') THEN
        CREATE TRIGGER models_touch_updated_at BEFORE UPDATE ON models
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
    END IF;
END
$$;


-- model_components ------------------------------------------------------------

CREATE TABLE IF NOT EXISTS model_components (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    model_id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    position integer NOT NULL,
    config jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    -- A part has no meaning without its whole.
    CONSTRAINT model_components_model_id_fkey FOREIGN KEY (model_id)
        REFERENCES models (id) ON DELETE CASCADE,
    -- What model_layers refers to, so that a layer cannot name another model.
    CONSTRAINT model_components_id_model_id_key UNIQUE (id, model_id),
    CONSTRAINT model_components_model_id_name_key UNIQUE (model_id, name),
    -- Deferrable, so that one UPDATE may shift all the positions.
    CONSTRAINT model_components_model_id_position_key UNIQUE (model_id, position) DEFERRABLE,
    CONSTRAINT model_components_name_check CHECK (name <> ''),
    CONSTRAINT model_components_kind_check
        CHECK (kind IN ('tokenizer', 'embedding', 'encoder', 'decoder', 'adapter', 'head', 'other')),
    CONSTRAINT model_components_position_check CHECK (position >= 0),
    CONSTRAINT model_components_config_check CHECK (jsonb_typeof(config) = 'object')
);

COMMENT ON TABLE model_components IS
    'The parts a model is built of, in the order data passes through';
COMMENT ON COLUMN model_components.id IS 'Primary key';
COMMENT ON COLUMN model_components.model_id IS 'Model the component belongs to; deleted with it';
COMMENT ON COLUMN model_components.name IS 'Name of the component, unique within its model';
COMMENT ON COLUMN model_components.kind IS
    'Role: tokenizer, embedding, encoder, decoder, adapter, head or other';
COMMENT ON COLUMN model_components.position IS 'Place in the model, counted from 0';
COMMENT ON COLUMN model_components.config IS
    'Settings of the component that no query needs as columns';
COMMENT ON COLUMN model_components.created_at IS 'When the row was created';
COMMENT ON COLUMN model_components.updated_at IS 'When the row last changed; kept by trigger';

CREATE INDEX IF NOT EXISTS idx_model_components_kind ON model_components (kind);

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'model_components'::regclass
                   AND tgname = 'model_components_touch_updated_at') THEN
        CREATE TRIGGER model_components_touch_updated_at BEFORE UPDATE ON model_components
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
    END IF;
END
$$;


-- model_layers ----------------------------------------------------------------

CREATE TABLE IF NOT EXISTS model_layers (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    model_id uuid NOT NULL,
    component_id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    position integer NOT NULL,
    input_shape bigint[],
    output_shape bigint[],
    activation text,
    parameter_count bigint NOT NULL DEFAULT 0,
    is_trainable boolean NOT NULL DEFAULT true,
    config jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    -- Over both columns: the layer's model is always its component's model.
    CONSTRAINT model_layers_component_id_model_id_fkey FOREIGN KEY (component_id, model_id)
        REFERENCES model_components (id, model_id) ON DELETE CASCADE,
    CONSTRAINT model_layers_id_model_id_key UNIQUE (id, model_id),
    CONSTRAINT model_layers_component_id_name_key UNIQUE (component_id, name),
    CONSTRAINT model_layers_component_id_position_key UNIQUE (component_id, position) DEFERRABLE,
    CONSTRAINT model_layers_name_check CHECK (name <> ''),
    CONSTRAINT model_layers_kind_check
        CHECK (kind IN ('embedding', 'linear', 'attention', 'feed_forward', 'expert_router',
                        'convolution', 'normalization', 'dropout', 'other')),
    CONSTRAINT model_layers_position_check CHECK (position >= 0),
    -- One dimension, every extent positive. COALESCE because a CHECK lets an
    -- unknown pass, and that is what a NULL among the extents would make.
    CONSTRAINT model_layers_input_shape_check
        CHECK (input_shape IS NULL
               OR (COALESCE(array_ndims(input_shape), 1) = 1
                   AND COALESCE(0 < ALL (input_shape), false))),
    CONSTRAINT model_layers_output_shape_check
        CHECK (output_shape IS NULL
               OR (COALESCE(array_ndims(output_shape), 1) = 1
                   AND COALESCE(0 < ALL (output_shape), false))),
    CONSTRAINT model_layers_parameter_count_check CHECK (parameter_count >= 0),
    CONSTRAINT model_layers_config_check CHECK (jsonb_typeof(config) = 'object')
);

COMMENT ON TABLE model_layers IS 'The layers of a component, in the order data passes through';
COMMENT ON COLUMN model_layers.id IS 'Primary key';
COMMENT ON COLUMN model_layers.model_id IS
    'Model of the component, kept here so that keys can prove it';
COMMENT ON COLUMN model_layers.component_id IS 'Component the layer belongs to; deleted with it';
COMMENT ON COLUMN model_layers.name IS 'Name of the layer, unique within its component';
COMMENT ON COLUMN model_layers.kind IS
    'What the layer computes: embedding, linear, attention, feed_forward, expert_router, '
    'convolution, normalization, dropout or other';
COMMENT ON COLUMN model_layers.position IS 'Place in the component, counted from 0';
COMMENT ON COLUMN model_layers.input_shape IS
    'Extents of the input without the batch dimension; NULL when not fixed';
COMMENT ON COLUMN model_layers.output_shape IS
    'Extents of the output without the batch dimension; NULL when not fixed';
COMMENT ON COLUMN model_layers.activation IS
    'Activation function, such as gelu; NULL when there is none';
COMMENT ON COLUMN model_layers.parameter_count IS 'Number of parameters in the layer';
COMMENT ON COLUMN model_layers.is_trainable IS 'False for a frozen layer';
COMMENT ON COLUMN model_layers.config IS 'Settings of the layer that no query needs as columns';
COMMENT ON COLUMN model_layers.created_at IS 'When the row was created';
COMMENT ON COLUMN model_layers.updated_at IS 'When the row last changed; kept by trigger';

CREATE INDEX IF NOT EXISTS idx_model_layers_model_id_kind ON model_layers (model_id, kind);

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'model_layers'::regclass
                   AND tgname = 'model_layers_touch_updated_at') THEN
        CREATE TRIGGER model_layers_touch_updated_at BEFORE UPDATE ON model_layers
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
    END IF;
END
$$;


-- v_model_architecture --------------------------------------------------------

-- Columns are listed and new ones go last: that is all CREATE OR REPLACE VIEW
-- can do to a view that others may already use.
CREATE OR REPLACE VIEW v_model_architecture AS
SELECT
    m.id AS model_id,
    m.name AS model_name,
    m.version AS model_version,
    m.architecture,
    m.status AS model_status,
    c.id AS component_id,
    c.name AS component_name,
    c.kind AS component_kind,
    c.position AS component_position,
    l.id AS layer_id,
    l.name AS layer_name,
    l.kind AS layer_kind,
    l.position AS layer_position,
    l.input_shape,
    l.output_shape,
    l.activation,
    l.is_trainable,
    l.parameter_count AS layer_parameters,
    COALESCE(sum(l.parameter_count) OVER (PARTITION BY c.id), 0)::bigint AS component_parameters
FROM models AS m
LEFT JOIN model_components AS c ON c.model_id = m.id
LEFT JOIN model_layers AS l ON l.component_id = c.id;

COMMENT ON VIEW v_model_architecture IS
    'A model unfolded: one row for each layer. A component without layers and a model without '
    'components keep one row. Order by component_position, layer_position';
COMMENT ON COLUMN v_model_architecture.model_id IS 'Model';
COMMENT ON COLUMN v_model_architecture.model_name IS 'Name of the model';
COMMENT ON COLUMN v_model_architecture.model_version IS 'Version of the model';
COMMENT ON COLUMN v_model_architecture.architecture IS 'Family of the network';
COMMENT ON COLUMN v_model_architecture.model_status IS 'Life cycle of the model';
COMMENT ON COLUMN v_model_architecture.component_id IS 'Component; NULL for a model without any';
COMMENT ON COLUMN v_model_architecture.component_name IS 'Name of the component';
COMMENT ON COLUMN v_model_architecture.component_kind IS 'Role of the component';
COMMENT ON COLUMN v_model_architecture.component_position IS 'Place of the component in the model';
COMMENT ON COLUMN v_model_architecture.layer_id IS 'Layer; NULL for a component without any';
COMMENT ON COLUMN v_model_architecture.layer_name IS 'Name of the layer';
COMMENT ON COLUMN v_model_architecture.layer_kind IS 'What the layer computes';
COMMENT ON COLUMN v_model_architecture.layer_position IS 'Place of the layer in the component';
COMMENT ON COLUMN v_model_architecture.input_shape IS 'Extents of the layer''s input';
COMMENT ON COLUMN v_model_architecture.output_shape IS 'Extents of the layer''s output';
COMMENT ON COLUMN v_model_architecture.activation IS 'Activation function of the layer';
COMMENT ON COLUMN v_model_architecture.is_trainable IS 'False for a frozen layer';
COMMENT ON COLUMN v_model_architecture.layer_parameters IS 'Number of parameters in the layer';
COMMENT ON COLUMN v_model_architecture.component_parameters IS
    'Number of parameters in all layers of the component';
