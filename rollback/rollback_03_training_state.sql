-- Takes back 03_training_state: sessions, checkpoints, metrics. All rows are
-- lost; the checkpoint files on their storage tiers are not touched.
--
-- From the referring table to the one referred to, never with CASCADE, so that
-- anything built on these tables makes this fail instead of disappearing.

DROP TABLE IF EXISTS training_metrics;
DROP TABLE IF EXISTS checkpoints;
DROP TABLE IF EXISTS training_sessions;
