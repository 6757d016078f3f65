-- Takes back 02_tensor_storage: tensors, their chunks and checksums, the tiers.
-- All rows are lost, and with them the knowledge of what lies at the locations
-- outside this database; the bytes there are not touched.
--
-- From the referring table to the one referred to, never with CASCADE, so that
-- anything built on these tables makes this fail instead of disappearing.

DROP TABLE IF EXISTS tensor_checksums;
DROP TABLE IF EXISTS tensor_chunks;
DROP TABLE IF EXISTS tensors;
DROP TABLE IF EXISTS storage_tiers;
