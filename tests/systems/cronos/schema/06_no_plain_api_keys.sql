-- rung: breaking: api_keys.key is gone; releases before 2.1 cannot check keys
-- rung: irreversible: the keys themselves are gone, which is the point
--
-- 06 no plain API keys: only their hashes are left

DROP TRIGGER api_keys_hash ON api_keys;
DROP FUNCTION api_keys_hash();
ALTER TABLE api_keys DROP COLUMN key;
