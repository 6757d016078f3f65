-- An administrator, demonstration users, sample neurons and a network to look at.
-- Passwords are for the first login only; they are hashed here and never stored.

INSERT INTO users (username, email, password_hash, role) VALUES
    ('admin',      'admin@neuralblitz.example',      crypt('change-me-admin', gen_salt('bf', 6)), 'admin'),
    ('demo',       'demo@neuralblitz.example',       crypt('change-me-demo', gen_salt('bf', 6)),  'user'),
    ('researcher', 'researcher@neuralblitz.example', crypt('change-me-lab', gen_salt('bf', 6)),   'researcher');

INSERT INTO quantum_neurons (owner_id, label, state, amplitude_re, amplitude_im, coherence)
SELECT u.id, n.label, n.state::quantum_state, n.re, n.im, n.coherence
  FROM (VALUES ('alpha', 'initialized', 1.0, 0.0, 1.0),
               ('beta',  'superposed',  0.6, 0.8, 0.97),
               ('gamma', 'entangled',   0.0, 1.0, 0.91)) AS n (label, state, re, im, coherence)
 CROSS JOIN users u
 WHERE u.username = 'researcher';

INSERT INTO quantum_entanglements (neuron_a, neuron_b, strength)
SELECT least(b.id, c.id), greatest(b.id, c.id), 0.85
  FROM quantum_neurons b, quantum_neurons c
 WHERE b.label = 'beta' AND c.label = 'gamma';

WITH network AS (
    INSERT INTO reality_networks (owner_id, name, topology)
    SELECT id, 'demo network', 'ring' FROM users WHERE username = 'demo'
    RETURNING id
), instances AS (
    INSERT INTO reality_instances (network_id, kind, stability)
    SELECT n.id, k.kind, k.stability
      FROM network n, (VALUES ('base', 1.0), ('branch', 0.8)) AS k (kind, stability)
    RETURNING id, kind
), nodes AS (
    INSERT INTO reality_nodes (instance_id, neuron_id, position, weight)
    SELECT i.id, q.id, point(row_number() OVER (ORDER BY q.label), 0), 0.5
      FROM instances i, quantum_neurons q
     WHERE i.kind = 'base'
)
INSERT INTO cross_reality_coherence (instance_a, instance_b, coherence)
SELECT min(id::text)::uuid, max(id::text)::uuid, 0.93 FROM instances;

INSERT INTO consciousness_snapshots (instance_id, level, integration, state_vector)
SELECT id, 3, 0.42, ARRAY[0.1, 0.2, 0.7] FROM reality_instances WHERE kind = 'base';
