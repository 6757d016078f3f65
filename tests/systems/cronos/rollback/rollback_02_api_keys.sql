-- Undoes 02_api_keys.sql
DROP TABLE api_keys;
