DROP FUNCTION manage_consciousness_partitions(integer, interval, date);
DROP TABLE consciousness_events;
DROP TABLE consciousness_snapshots;
