-- A small story to look at: "aurora-mini", a language model, has been pretrained
-- and fine-tuned once more on support conversations. Both versions answered the
-- same question differently; the reactor lets the answers argue.
--
-- Identifiers and times are fixed, so loading this twice changes nothing and
-- what was edited since stays edited. It needs all five components. The first
-- digits of an identifier tell its table.

-- The platform's shelves ------------------------------------------------------

INSERT INTO storage_tiers (id, name, medium, rank, base_uri, capacity_bytes,
                           cost_per_gib_month) VALUES
    ('20000000-0000-4000-8000-000000000001', 'demo-inline', 'database', 1,
     NULL, NULL, 0.25),
    ('20000000-0000-4000-8000-000000000002', 'demo-nvme', 'nvme', 0,
     'file:///srv/weights', 2199023255552, 0.08),
    ('20000000-0000-4000-8000-000000000003', 'demo-bucket', 'object', 2,
     's3://demo-weights', NULL, 0.02)
ON CONFLICT (id) DO NOTHING;

-- Two versions of one model; the second was made from the first ---------------

INSERT INTO models (id, name, version, architecture, description, status, parameter_count,
                    context_length, config, parent_model_id) VALUES
    ('10000000-0000-4000-8000-000000000001', 'aurora-mini', '1.0', 'decoder-transformer',
     'A small general language model.', 'ready', 459776, 2048,
     '{"hidden_size": 128, "attention_heads": 4, "vocabulary_size": 1024}', NULL),
    ('10000000-0000-4000-8000-000000000002', 'aurora-mini', '1.1-support', 'decoder-transformer',
     'aurora-mini 1.0, fine-tuned on support conversations.', 'serving', 459776, 2048,
     '{"hidden_size": 128, "attention_heads": 4, "vocabulary_size": 1024}',
     '10000000-0000-4000-8000-000000000001')
ON CONFLICT (id) DO NOTHING;

INSERT INTO model_components (id, model_id, name, kind, position) VALUES
    ('11000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002',
     'tokens', 'embedding', 0),
    ('11000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002',
     'block_0', 'decoder', 1),
    ('11000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000002',
     'lm_head', 'head', 2)
ON CONFLICT (id) DO NOTHING;

-- 1024 x 128 + 4 x 128 x 128 + 2 x 128 x 512 + 2 x 128 + 128 x 1024 = 459 008, and 768 biases.
INSERT INTO model_layers (id, model_id, component_id, name, kind, position, input_shape, output_shape,
                          activation, parameter_count, is_trainable) VALUES
    ('12000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002',
     '11000000-0000-4000-8000-000000000001', 'token_embedding', 'embedding', 0,
     '{2048}', '{2048,128}', NULL, 131072, false),
    ('12000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002',
     '11000000-0000-4000-8000-000000000002', 'norm', 'normalization', 0,
     '{2048,128}', '{2048,128}', NULL, 256, true),
    ('12000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000002',
     '11000000-0000-4000-8000-000000000002', 'self_attention', 'attention', 1,
     '{2048,128}', '{2048,128}', NULL, 65664, true),
    ('12000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000002',
     '11000000-0000-4000-8000-000000000002', 'feed_forward', 'feed_forward', 2,
     '{2048,128}', '{2048,128}', 'gelu', 131712, true),
    ('12000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000002',
     '11000000-0000-4000-8000-000000000003', 'unembedding', 'linear', 0,
     '{2048,128}', '{2048,1024}', 'softmax', 131072, true)
ON CONFLICT (id) DO NOTHING;

-- Its weights: a large tensor in two pieces outside, a tiny one right here ----

INSERT INTO tensors (id, model_id, layer_id, name, dtype, shape, size_bytes) VALUES
    ('21000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002',
     '12000000-0000-4000-8000-000000000001', 'tokens.weight', 'float32', '{1024,128}', 524288),
    ('21000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002',
     NULL, 'temperature', 'float32', '{}', 4)
ON CONFLICT (id) DO NOTHING;

INSERT INTO tensor_chunks (id, tensor_id, chunk_index, byte_offset, size_bytes, stored_bytes,
                           compression, storage_tier_id, location, payload) VALUES
    ('22000000-0000-4000-8000-000000000001', '21000000-0000-4000-8000-000000000001', 0, 0,
     262144, 243712, 'zstd', '20000000-0000-4000-8000-000000000002',
     'aurora-mini/1.1-support/tokens.weight.0', NULL),
    ('22000000-0000-4000-8000-000000000002', '21000000-0000-4000-8000-000000000001', 1, 262144,
     262144, 244109, 'zstd', '20000000-0000-4000-8000-000000000002',
     'aurora-mini/1.1-support/tokens.weight.1', NULL),
    ('22000000-0000-4000-8000-000000000003', '21000000-0000-4000-8000-000000000002', 0, 0,
     4, 4, 'none', '20000000-0000-4000-8000-000000000001', NULL, '\x3333333f')
ON CONFLICT (id) DO NOTHING;

-- The tiny tensor's checksum is true; nothing is there to compute the others from.
INSERT INTO tensor_checksums (id, tensor_id, chunk_id, algorithm, digest, state, computed_at,
                              verified_at) VALUES
    ('23000000-0000-4000-8000-000000000001', '21000000-0000-4000-8000-000000000002', NULL,
     'sha256', sha256('\x3333333f'), 'verified', '2025-03-02 09:20:00+00', '2025-03-02 10:00:00+00'),
    ('23000000-0000-4000-8000-000000000002', '21000000-0000-4000-8000-000000000001',
     '22000000-0000-4000-8000-000000000001',
     'crc32c', '\x8c28b28a', 'unverified', '2025-03-02 09:20:00+00', NULL),
    ('23000000-0000-4000-8000-000000000003', '21000000-0000-4000-8000-000000000001',
     '22000000-0000-4000-8000-000000000002',
     'crc32c', '\x1f6e04d1', 'unverified', '2025-03-02 09:20:00+00', NULL)
ON CONFLICT (id) DO NOTHING;

-- How it was trained: three epochs, the second was the best -------------------

INSERT INTO training_sessions (id, model_id, name, status, optimizer, learning_rate, batch_size,
                               planned_epochs, current_epoch, random_seed, dataset_uri,
                               hyperparameters, started_at, last_heartbeat_at, ended_at) VALUES
    ('30000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002', 'support-1',
     'completed', 'adamw', 0.0003, 32, 3, 3, 42, 's3://demo-data/support-conversations',
     '{"weight_decay": 0.01, "warmup_steps": 100}',
     '2025-03-01 08:00:00+00', '2025-03-01 11:00:30+00', '2025-03-01 11:01:00+00')
ON CONFLICT (id) DO NOTHING;

INSERT INTO training_metrics (id, training_session_id, epoch, metric_type, split, step, value,
                              recorded_at) VALUES
    ('32000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000001',
     0, 'loss', 'train', 1000, 2.41, '2025-03-01 09:00:00+00'),
    ('32000000-0000-4000-8000-000000000002', '30000000-0000-4000-8000-000000000001',
     0, 'loss', 'validation', 1000, 2.48, '2025-03-01 09:00:00+00'),
    ('32000000-0000-4000-8000-000000000003', '30000000-0000-4000-8000-000000000001',
     1, 'loss', 'train', 2000, 1.87, '2025-03-01 10:00:00+00'),
    ('32000000-0000-4000-8000-000000000004', '30000000-0000-4000-8000-000000000001',
     1, 'loss', 'validation', 2000, 2.02, '2025-03-01 10:00:00+00'),
    ('32000000-0000-4000-8000-000000000005', '30000000-0000-4000-8000-000000000001',
     2, 'loss', 'train', 3000, 1.52, '2025-03-01 11:00:00+00'),
    ('32000000-0000-4000-8000-000000000006', '30000000-0000-4000-8000-000000000001',
     2, 'loss', 'validation', 3000, 2.09, '2025-03-01 11:00:00+00'),
    ('32000000-0000-4000-8000-000000000007', '30000000-0000-4000-8000-000000000001',
     2, 'accuracy', 'validation', 3000, 0.713, '2025-03-01 11:00:00+00')
ON CONFLICT (id) DO NOTHING;

INSERT INTO checkpoints (id, training_session_id, epoch, step, is_best, storage_tier_id, location,
                         size_bytes, sha256, created_at) VALUES
    ('31000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000001', 1, 2000, true,
     '20000000-0000-4000-8000-000000000003', 'aurora-mini/support-1/step-2000.ckpt', 5517824,
     sha256('support-1 step 2000'), '2025-03-01 10:00:05+00'),
    ('31000000-0000-4000-8000-000000000002', '30000000-0000-4000-8000-000000000001', 2, 3000, false,
     '20000000-0000-4000-8000-000000000003', 'aurora-mini/support-1/step-3000.ckpt', 5517824,
     sha256('support-1 step 3000'), '2025-03-01 11:00:05+00')
ON CONFLICT (id) DO NOTHING;

-- What it was asked. The first entry has long expired and waits for a purge ---

INSERT INTO inference_cache (id, model_id, cache_kind, cache_key, token_count, size_bytes, result,
                             kv_payload, kv_location, hit_count, last_hit_at, created_at,
                             expires_at) VALUES
    ('41000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002', 'kv',
     encode(sha256('system prompt of support'), 'hex'), 96, 196608, NULL,
     NULL, 'file:///srv/kv/support', 0, NULL, '2025-03-02 12:00:00+00', '2025-03-02 13:00:00+00'),
    ('41000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002', 'result',
     encode(sha256('How do I reset my password?'), 'hex'), 9, 49,
     '{"text": "Open Settings, then Security, then Reset."}',
     NULL, NULL, 1, '2025-03-02 12:05:00+00', '2025-03-02 12:00:01+00', NULL)
ON CONFLICT (id) DO NOTHING;

INSERT INTO inference_requests (id, model_id, checkpoint_id, cache_entry_id, status, client, input,
                                output, error_message, is_cache_hit, prompt_tokens, completion_tokens,
                                queued_at, started_at, completed_at) VALUES
    ('40000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002',
     '31000000-0000-4000-8000-000000000001', '41000000-0000-4000-8000-000000000002', 'succeeded',
     'help-desk', '{"prompt": "How do I reset my password?"}',
     '{"text": "Open Settings, then Security, then Reset."}', NULL, false, 7, 9,
     '2025-03-02 12:00:00+00', '2025-03-02 12:00:00.020+00', '2025-03-02 12:00:00.850+00'),
    ('40000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002',
     NULL, '41000000-0000-4000-8000-000000000002', 'succeeded',
     'help-desk', '{"prompt": "How do I reset my password?"}',
     '{"text": "Open Settings, then Security, then Reset."}', NULL, true, 7, 9,
     '2025-03-02 12:05:00+00', '2025-03-02 12:05:00.001+00', '2025-03-02 12:05:00.004+00'),
    ('40000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001',
     NULL, NULL, 'succeeded', 'evaluation',
     '{"prompt": "How do I reset my password?"}',
     '{"text": "Write to the administrator."}', NULL, false, 7, 6,
     '2025-03-02 12:06:00+00', '2025-03-02 12:06:00.015+00', '2025-03-02 12:06:00.640+00'),
    ('40000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000002',
     NULL, NULL, 'failed', 'help-desk',
     '{"prompt": "(an attachment of 9000 tokens)"}', NULL,
     'the prompt has 9000 tokens, the model reads 2048', false, 9000, 0,
     '2025-03-02 12:07:00+00', '2025-03-02 12:07:00.010+00', '2025-03-02 12:07:00.012+00'),
    ('40000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000002',
     NULL, NULL, 'queued', 'help-desk',
     '{"prompt": "Where is my invoice?"}', NULL,
     NULL, false, NULL, NULL, '2025-03-02 12:08:00+00', NULL, NULL)
ON CONFLICT (id) DO NOTHING;

-- The reactor weighs the two answers ------------------------------------------

INSERT INTO fusion_runs (id, name, strategy, status, objective, parameters, conclusion, coherence,
                         started_at, ended_at) VALUES
    ('50000000-0000-4000-8000-000000000001', 'password-reset', 'debate', 'completed',
     'Which of two contradicting answers should the help desk give?', '{"rounds": 1}',
     '{"text": "Open Settings, then Security, then Reset."}', 0.82,
     '2025-03-02 13:00:00+00', '2025-03-02 13:00:04+00')
ON CONFLICT (id) DO NOTHING;

INSERT INTO fusion_inputs (id, fusion_run_id, position, model_id, inference_request_id, weight,
                           role) VALUES
    ('51000000-0000-4000-8000-000000000001', '50000000-0000-4000-8000-000000000001', 0,
     NULL, '40000000-0000-4000-8000-000000000001', 0.7, 'source'),
    ('51000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', 1,
     NULL, '40000000-0000-4000-8000-000000000003', 0.3, 'source'),
    ('51000000-0000-4000-8000-000000000003', '50000000-0000-4000-8000-000000000001', 2,
     '10000000-0000-4000-8000-000000000001', NULL, 1, 'judge')
ON CONFLICT (id) DO NOTHING;

INSERT INTO reasoning_traces (id, fusion_run_id, parent_trace_id, fusion_input_id, step_index, kind,
                              content, confidence, details, created_at) VALUES
    ('52000000-0000-4000-8000-000000000001', '50000000-0000-4000-8000-000000000001', NULL,
     '51000000-0000-4000-8000-000000000001', 0, 'observation',
     'The support version names a menu the user can open.', 0.9,
     '{"quote": "Settings, then Security"}', '2025-03-02 13:00:01+00'),
    ('52000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', NULL,
     '51000000-0000-4000-8000-000000000002', 1, 'observation',
     'The base version sends the user to somebody else.', 0.9, '{}', '2025-03-02 13:00:02+00'),
    ('52000000-0000-4000-8000-000000000003', '50000000-0000-4000-8000-000000000001',
     '52000000-0000-4000-8000-000000000001', NULL, 2, 'critique',
     'The menu may differ on a managed account, where only the administrator can reset.', 0.4,
     '{}', '2025-03-02 13:00:03+00'),
    ('52000000-0000-4000-8000-000000000004', '50000000-0000-4000-8000-000000000001',
     '52000000-0000-4000-8000-000000000003', NULL, 3, 'conclusion',
     'Give the menu first: most accounts are not managed, and trying it costs nothing.', 0.82,
     '{}', '2025-03-02 13:00:04+00')
ON CONFLICT (id) DO NOTHING;
