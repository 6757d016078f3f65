-- 05 API key hashes: beside the keys for now, so that old and new releases both work

ALTER TABLE api_keys ADD COLUMN key_prefix text;
ALTER TABLE api_keys ADD COLUMN key_hash text;

CREATE FUNCTION api_keys_hash() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.key_prefix := left(NEW.key, 8);
    NEW.key_hash := encode(sha256(convert_to(NEW.key, 'UTF8')), 'hex');
    RETURN NEW;
END
$$;

CREATE TRIGGER api_keys_hash BEFORE INSERT OR UPDATE OF key ON api_keys
    FOR EACH ROW EXECUTE FUNCTION api_keys_hash();

UPDATE api_keys SET key = key WHERE key_hash IS NULL;

ALTER TABLE api_keys ALTER COLUMN key_prefix SET NOT NULL;
ALTER TABLE api_keys ALTER COLUMN key_hash SET NOT NULL;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash);
