-- Takes back 05_cognitive_fusion: runs, their inputs and reasoning traces. All
-- rows are lost; models that runs have made stay.
--
-- From the referring table to the one referred to, never with CASCADE, so that
-- anything built on these tables makes this fail instead of disappearing.

DROP TABLE IF EXISTS reasoning_traces;
DROP TABLE IF EXISTS fusion_inputs;
DROP TABLE IF EXISTS fusion_runs;
