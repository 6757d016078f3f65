-- Snapshots by the million, a partition a month. manage_consciousness_partitions() is called daily
-- by the scheduler: it creates what will be needed and retires what nobody keeps.

CREATE TABLE consciousness_snapshots (
    id            uuid NOT NULL DEFAULT uuid_generate_v4(),
    instance_id   uuid NOT NULL REFERENCES reality_instances (id) ON DELETE CASCADE,
    level         smallint NOT NULL,
    integration   double precision NOT NULL,
    state_vector  double precision[] NOT NULL,
    annotations   jsonb NOT NULL DEFAULT '{}',
    taken_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, taken_at),
    CONSTRAINT consciousness_snapshots_level_check CHECK (level BETWEEN 0 AND 10),
    CONSTRAINT consciousness_snapshots_integration_check CHECK (integration >= 0)
) PARTITION BY RANGE (taken_at);
CREATE INDEX idx_consciousness_snapshots_instance_id ON consciousness_snapshots (instance_id, taken_at DESC);
CREATE INDEX idx_consciousness_snapshots_taken_at ON consciousness_snapshots USING brin (taken_at);

-- Nothing is lost when the scheduler sleeps.
CREATE TABLE consciousness_snapshots_default PARTITION OF consciousness_snapshots DEFAULT;

CREATE TABLE consciousness_events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instance_id uuid NOT NULL REFERENCES reality_instances (id) ON DELETE CASCADE,
    kind        varchar(50) NOT NULL,
    severity    varchar(10) NOT NULL DEFAULT 'info',
    payload     jsonb NOT NULL DEFAULT '{}',
    occurred_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT consciousness_events_severity_check CHECK (severity IN ('debug', 'info', 'warning', 'critical'))
);
CREATE INDEX idx_consciousness_events_instance_id ON consciousness_events (instance_id, occurred_at DESC);
CREATE INDEX idx_consciousness_events_critical ON consciousness_events (occurred_at) WHERE severity = 'critical';

CREATE FUNCTION manage_consciousness_partitions(
    months_ahead integer DEFAULT 3,
    keep interval DEFAULT '12 months',
    as_of date DEFAULT current_date,
    OUT created integer,
    OUT retired integer
)
LANGUAGE plpgsql
AS $$
DECLARE
    first_month date := date_trunc('month', as_of);
    month       date;
    partition   name;
BEGIN
    created := 0;
    retired := 0;
    FOR i IN 0..months_ahead LOOP
        month := first_month + i * interval '1 month';
        partition := 'consciousness_snapshots_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE consciousness_snapshots INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                       partition);
        -- What the default partition caught meanwhile belongs here.
        EXECUTE format('WITH moved AS (DELETE FROM consciousness_snapshots_default
                                        WHERE taken_at >= %1$L AND taken_at < %2$L RETURNING *)
                        INSERT INTO %3$I SELECT * FROM moved',
                       month::timestamptz, (month + interval '1 month')::timestamptz, partition);
        EXECUTE format('ALTER TABLE consciousness_snapshots ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       partition, month::timestamptz, (month + interval '1 month')::timestamptz);
        created := created + 1;
    END LOOP;
    FOR partition IN
        SELECT c.relname
          FROM pg_inherits i
          JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'consciousness_snapshots'::regclass
           AND c.relname ~ '^consciousness_snapshots_\d{4}_\d{2}$'
           AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= first_month - keep
         ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE consciousness_snapshots DETACH PARTITION %I', partition);
        EXECUTE format('DROP TABLE %I', partition);
        retired := retired + 1;
    END LOOP;
END;
$$;
COMMENT ON FUNCTION manage_consciousness_partitions(integer, interval, date)
    IS 'Creates the partitions of this month and the next ones, retires those older than keep';

SELECT manage_consciousness_partitions();
