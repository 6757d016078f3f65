-- Undoes 05_api_key_hashes.sql
DROP TRIGGER api_keys_hash ON api_keys;
DROP FUNCTION api_keys_hash();
ALTER TABLE api_keys DROP COLUMN key_hash;
ALTER TABLE api_keys DROP COLUMN key_prefix;
