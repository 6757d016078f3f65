-- Takes back 04_inference_cache: the purge function, requests, the cache. All
-- rows are lost, those of finished requests included.
--
-- From the referring table to the one referred to, never with CASCADE, so that
-- anything built on these tables makes this fail instead of disappearing.

DROP FUNCTION IF EXISTS purge_inference_cache(integer, timestamptz);
DROP TABLE IF EXISTS inference_requests;
DROP TABLE IF EXISTS inference_cache;
