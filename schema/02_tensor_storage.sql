-- rung: on-change: converge
--
-- 02 tensor storage: where the weights are
--
-- A tensor is cut into chunks, each chunk lies on a storage tier (memory, local
-- disk, object storage) either in this database or at a location outside it,
-- and checksums over a chunk or over a whole tensor prove that what is read is
-- what was written.

-- storage_tiers ---------------------------------------------------------------

CREATE TABLE IF NOT EXISTS storage_tiers (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    name text NOT NULL,
    medium text NOT NULL,
    rank integer NOT NULL,
    base_uri text,
    capacity_bytes bigint,
    cost_per_gib_month numeric(12, 6),
    is_writable boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT storage_tiers_name_key UNIQUE (name),
    CONSTRAINT storage_tiers_name_check CHECK (name <> ''),
    CONSTRAINT storage_tiers_medium_check
        CHECK (medium IN ('memory', 'nvme', 'disk', 'database', 'object', 'archive')),
    CONSTRAINT storage_tiers_rank_check CHECK (rank >= 0),
    CONSTRAINT storage_tiers_capacity_bytes_check CHECK (capacity_bytes > 0),
    CONSTRAINT storage_tiers_cost_per_gib_month_check CHECK (cost_per_gib_month >= 0)
);

COMMENT ON TABLE storage_tiers IS 'Places weights can lie, from fast and dear to slow and cheap';
COMMENT ON COLUMN storage_tiers.id IS 'Primary key';
COMMENT ON COLUMN storage_tiers.name IS 'Name of the tier, unique';
COMMENT ON COLUMN storage_tiers.medium IS
    'What it is made of: memory, nvme, disk, database, object or archive';
COMMENT ON COLUMN storage_tiers.rank IS
    'Speed, 0 being the fastest; tiers of one rank are alternatives';
COMMENT ON COLUMN storage_tiers.base_uri IS
    'Prefix of the locations on this tier; NULL for the database itself';
COMMENT ON COLUMN storage_tiers.capacity_bytes IS 'How much fits; NULL for no limit';
COMMENT ON COLUMN storage_tiers.cost_per_gib_month IS
    'Price of one GiB for a month, in the platform''s currency';
COMMENT ON COLUMN storage_tiers.is_writable IS 'False for a tier that is being emptied';
COMMENT ON COLUMN storage_tiers.created_at IS 'When the row was created';
COMMENT ON COLUMN storage_tiers.updated_at IS 'When the row last changed; kept by trigger';

-- The fastest tier that still takes writes.
CREATE INDEX IF NOT EXISTS idx_storage_tiers_rank ON storage_tiers (rank) WHERE is_writable;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'storage_tiers'::regclass
                   AND tgname = 'storage_tiers_touch_updated_at') THEN
        CREATE TRIGGER storage_tiers_touch_updated_at BEFORE UPDATE ON storage_tiers
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
    END IF;
END
$$;


-- tensors ---------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS tensors (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    model_id uuid NOT NULL,
    layer_id uuid,
    name text NOT NULL,
    dtype text NOT NULL,
    shape bigint[] NOT NULL,
    size_bytes bigint NOT NULL,
    quantization text NOT NULL DEFAULT 'none',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    -- Weights without the model that gives them meaning are only bytes.
    CONSTRAINT tensors_model_id_fkey FOREIGN KEY (model_id)
        REFERENCES models (id) ON DELETE CASCADE,
    -- Over both columns, so a layer of another model is refused. A tensor that
    -- belongs to no layer has NULL here and is not looked up.
    CONSTRAINT tensors_layer_id_model_id_fkey FOREIGN KEY (layer_id, model_id)
        REFERENCES model_layers (id, model_id) ON DELETE CASCADE,
    CONSTRAINT tensors_model_id_name_key UNIQUE (model_id, name),
    CONSTRAINT tensors_name_check CHECK (name <> ''),
    CONSTRAINT tensors_dtype_check
        CHECK (dtype IN ('float64', 'float32', 'float16', 'bfloat16', 'float8_e4m3', 'float8_e5m2',
                         'int64', 'int32', 'int16', 'int8', 'int4', 'uint8', 'bool')),
    CONSTRAINT tensors_shape_check
        CHECK (COALESCE(array_ndims(shape), 1) = 1 AND COALESCE(0 < ALL (shape), false)),
    CONSTRAINT tensors_size_bytes_check CHECK (size_bytes > 0),
    CONSTRAINT tensors_quantization_check
        CHECK (quantization IN ('none', 'int8', 'int4', 'gptq', 'awq', 'nf4'))
);

COMMENT ON TABLE tensors IS
    'A named array of numbers belonging to a model: weights, biases, buffers';
COMMENT ON COLUMN tensors.id IS 'Primary key';
COMMENT ON COLUMN tensors.model_id IS 'Model the tensor belongs to; deleted with it';
COMMENT ON COLUMN tensors.layer_id IS
    'Layer the tensor belongs to; NULL when the whole model shares it';
COMMENT ON COLUMN tensors.name IS 'Name of the tensor, unique within its model';
COMMENT ON COLUMN tensors.dtype IS 'Type of one element as it is stored';
COMMENT ON COLUMN tensors.shape IS 'Extents, outermost first; empty for a scalar';
COMMENT ON COLUMN tensors.size_bytes IS 'Size of all elements together, before compression';
COMMENT ON COLUMN tensors.quantization IS
    'How elements were narrowed: none, int8, int4, gptq, awq or nf4';
COMMENT ON COLUMN tensors.created_at IS 'When the row was created';
COMMENT ON COLUMN tensors.updated_at IS 'When the row last changed; kept by trigger';

CREATE INDEX IF NOT EXISTS idx_tensors_layer_id ON tensors (layer_id) WHERE layer_id IS NOT NULL;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'tensors'::regclass
                   AND tgname = 'tensors_touch_updated_at') THEN
        CREATE TRIGGER tensors_touch_updated_at BEFORE UPDATE ON tensors
            FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
    END IF;
END
$$;


-- tensor_chunks ---------------------------------------------------------------

-- Chunks are written once and then only moved, so there is no updated_at: the
-- largest table of the schema does without a trigger.
CREATE TABLE IF NOT EXISTS tensor_chunks (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    tensor_id uuid NOT NULL,
    chunk_index integer NOT NULL,
    byte_offset bigint NOT NULL,
    size_bytes bigint NOT NULL,
    stored_bytes bigint NOT NULL,
    compression text NOT NULL DEFAULT 'none',
    storage_tier_id uuid NOT NULL,
    location text,
    payload bytea,
    created_at timestamptz NOT NULL DEFAULT now(),

    -- A piece of nothing is nothing.
    CONSTRAINT tensor_chunks_tensor_id_fkey FOREIGN KEY (tensor_id)
        REFERENCES tensors (id) ON DELETE CASCADE,
    -- A tier that still holds data must not disappear from under it.
    CONSTRAINT tensor_chunks_storage_tier_id_fkey FOREIGN KEY (storage_tier_id)
        REFERENCES storage_tiers (id) ON DELETE RESTRICT,
    CONSTRAINT tensor_chunks_id_tensor_id_key UNIQUE (id, tensor_id),
    CONSTRAINT tensor_chunks_tensor_id_chunk_index_key UNIQUE (tensor_id, chunk_index),
    CONSTRAINT tensor_chunks_chunk_index_check CHECK (chunk_index >= 0),
    CONSTRAINT tensor_chunks_byte_offset_check CHECK (byte_offset >= 0),
    CONSTRAINT tensor_chunks_size_bytes_check CHECK (size_bytes > 0),
    CONSTRAINT tensor_chunks_stored_bytes_check CHECK (stored_bytes > 0),
    CONSTRAINT tensor_chunks_compression_check CHECK (compression IN ('none', 'zstd', 'lz4')),
    CONSTRAINT tensor_chunks_content_check CHECK (num_nonnulls(location, payload) = 1),
    CONSTRAINT tensor_chunks_payload_check CHECK (octet_length(payload) = stored_bytes)
);

COMMENT ON TABLE tensor_chunks IS 'A contiguous piece of a tensor and where it lies';
COMMENT ON COLUMN tensor_chunks.id IS 'Primary key';
COMMENT ON COLUMN tensor_chunks.tensor_id IS 'Tensor the piece was cut from; deleted with it';
COMMENT ON COLUMN tensor_chunks.chunk_index IS 'Place among the pieces, counted from 0';
COMMENT ON COLUMN tensor_chunks.byte_offset IS 'Where the piece starts in the uncompressed tensor';
COMMENT ON COLUMN tensor_chunks.size_bytes IS 'Size of the piece before compression';
COMMENT ON COLUMN tensor_chunks.stored_bytes IS 'Size of the piece as it is stored';
COMMENT ON COLUMN tensor_chunks.compression IS 'How it is compressed: none, zstd or lz4';
COMMENT ON COLUMN tensor_chunks.storage_tier_id IS 'Tier that holds the piece';
COMMENT ON COLUMN tensor_chunks.location IS
    'Where on the tier, below its base_uri; NULL when the bytes are in payload';
COMMENT ON COLUMN tensor_chunks.payload IS 'The bytes themselves; NULL when they are at location';
COMMENT ON COLUMN tensor_chunks.created_at IS 'When the piece was written';

-- Which piece holds byte n of this tensor? Two pieces cannot start at one byte.
CREATE UNIQUE INDEX IF NOT EXISTS idx_tensor_chunks_tensor_id_byte_offset
    ON tensor_chunks (tensor_id, byte_offset);
-- What lies on this tier, oldest first: the order in which a tier is emptied.
CREATE INDEX IF NOT EXISTS idx_tensor_chunks_storage_tier_id_created_at
    ON tensor_chunks (storage_tier_id, created_at);


-- tensor_checksums ------------------------------------------------------------

CREATE TABLE IF NOT EXISTS tensor_checksums (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    tensor_id uuid NOT NULL,
    chunk_id uuid,
    algorithm text NOT NULL,
    digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'unverified',
    computed_at timestamptz NOT NULL DEFAULT now(),
    verified_at timestamptz,

    -- A checksum of bytes that are gone proves nothing, so it goes with them.
    CONSTRAINT tensor_checksums_tensor_id_fkey FOREIGN KEY (tensor_id)
        REFERENCES tensors (id) ON DELETE CASCADE,
    -- The same for a chunk, which must be one of that tensor.
    CONSTRAINT tensor_checksums_chunk_id_tensor_id_fkey FOREIGN KEY (chunk_id, tensor_id)
        REFERENCES tensor_chunks (id, tensor_id) ON DELETE CASCADE,
    CONSTRAINT tensor_checksums_algorithm_check
        CHECK (algorithm IN ('sha256', 'blake3', 'xxh64', 'crc32c')),
    CONSTRAINT tensor_checksums_digest_check
        CHECK (octet_length(digest)
               = CASE algorithm WHEN 'xxh64' THEN 8 WHEN 'crc32c' THEN 4 ELSE 32 END),
    CONSTRAINT tensor_checksums_state_check CHECK (state IN ('unverified', 'verified', 'mismatch')),
    CONSTRAINT tensor_checksums_verified_at_check
        CHECK ((state = 'unverified') = (verified_at IS NULL))
);

COMMENT ON TABLE tensor_checksums IS 'Proof that a tensor or one of its chunks is what was written';
COMMENT ON COLUMN tensor_checksums.id IS 'Primary key';
COMMENT ON COLUMN tensor_checksums.tensor_id IS 'Tensor the checksum is about; deleted with it';
COMMENT ON COLUMN tensor_checksums.chunk_id IS
    'Chunk the checksum is about; NULL when it covers the whole tensor';
COMMENT ON COLUMN tensor_checksums.algorithm IS 'sha256, blake3, xxh64 or crc32c';
COMMENT ON COLUMN tensor_checksums.digest IS 'The checksum, over the uncompressed bytes';
COMMENT ON COLUMN tensor_checksums.state IS
    'Outcome of the last look: unverified, verified or mismatch';
COMMENT ON COLUMN tensor_checksums.computed_at IS 'When the checksum was computed';
COMMENT ON COLUMN tensor_checksums.verified_at IS
    'When the bytes were last compared with it; NULL before the first time';

-- One checksum of each kind. Two partial indexes, because in one over a nullable
-- chunk_id the rows of whole tensors would never collide.
CREATE UNIQUE INDEX IF NOT EXISTS idx_tensor_checksums_tensor_id_algorithm
    ON tensor_checksums (tensor_id, algorithm) WHERE chunk_id IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS idx_tensor_checksums_chunk_id_algorithm
    ON tensor_checksums (chunk_id, algorithm) WHERE chunk_id IS NOT NULL;
-- All checksums of a tensor, chunks included: what its deletion has to find.
CREATE INDEX IF NOT EXISTS idx_tensor_checksums_tensor_id ON tensor_checksums (tensor_id);
-- The scrubber takes what was looked at longest ago, and never first.
CREATE INDEX IF NOT EXISTS idx_tensor_checksums_verified_at
    ON tensor_checksums (verified_at NULLS FIRST) WHERE state <> 'mismatch';
-- What is broken: a handful of rows, hopefully none.
CREATE INDEX IF NOT EXISTS idx_tensor_checksums_state
    ON tensor_checksums (tensor_id) WHERE state = 'mismatch';
