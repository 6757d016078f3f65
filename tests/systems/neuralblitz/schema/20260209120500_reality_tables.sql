-- Networks of realities, their instances and nodes, and how coherent they are with each other.

CREATE TABLE reality_networks (
    id          uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    owner_id    uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    name        varchar(100) NOT NULL,
    topology    varchar(20) NOT NULL DEFAULT 'mesh',
    is_active   boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reality_networks_owner_id_name_key UNIQUE (owner_id, name),
    CONSTRAINT reality_networks_topology_check CHECK (topology IN ('mesh', 'ring', 'star', 'tree'))
);
CREATE TRIGGER reality_networks_touch BEFORE UPDATE ON reality_networks
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE reality_instances (
    id           uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    network_id   uuid NOT NULL REFERENCES reality_networks (id) ON DELETE CASCADE,
    parent_id    uuid REFERENCES reality_instances (id) ON DELETE SET NULL,
    kind         varchar(30) NOT NULL DEFAULT 'base',
    stability    double precision NOT NULL DEFAULT 1,
    parameters   jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    collapsed_at timestamptz,
    CONSTRAINT reality_instances_kind_check CHECK (kind IN ('base', 'branch', 'simulation', 'mirror')),
    CONSTRAINT reality_instances_stability_check CHECK (stability BETWEEN 0 AND 1),
    CONSTRAINT reality_instances_parent_check CHECK (parent_id <> id)
);
CREATE INDEX idx_reality_instances_network_id ON reality_instances (network_id) WHERE collapsed_at IS NULL;
CREATE INDEX idx_reality_instances_parent_id ON reality_instances (parent_id);

CREATE TABLE reality_nodes (
    id          uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    instance_id uuid NOT NULL REFERENCES reality_instances (id) ON DELETE CASCADE,
    neuron_id   uuid REFERENCES quantum_neurons (id) ON DELETE SET NULL,
    position    point NOT NULL,
    weight      double precision NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_reality_nodes_instance_id ON reality_nodes (instance_id);
CREATE INDEX idx_reality_nodes_neuron_id ON reality_nodes (neuron_id);
CREATE INDEX idx_reality_nodes_position ON reality_nodes USING gist (position);

CREATE TABLE cross_reality_coherence (
    instance_a  uuid NOT NULL REFERENCES reality_instances (id) ON DELETE CASCADE,
    instance_b  uuid NOT NULL REFERENCES reality_instances (id) ON DELETE CASCADE,
    coherence   double precision NOT NULL,
    measured_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance_a, instance_b, measured_at),
    CONSTRAINT cross_reality_coherence_order_check CHECK (instance_a < instance_b),
    CONSTRAINT cross_reality_coherence_coherence_check CHECK (coherence BETWEEN 0 AND 1)
);

CREATE VIEW v_network_coherence AS
SELECT n.id AS network_id, n.name, count(DISTINCT i.id) AS instances, avg(c.coherence) AS coherence
  FROM reality_networks n
  LEFT JOIN reality_instances i ON i.network_id = n.id AND i.collapsed_at IS NULL
  LEFT JOIN cross_reality_coherence c ON i.id IN (c.instance_a, c.instance_b)
 GROUP BY n.id, n.name;
COMMENT ON VIEW v_network_coherence IS 'How well the living instances of a network agree';
