-- Undoes 04_full_names.sql
ALTER TABLE users DROP CONSTRAINT users_full_name_check;
ALTER TABLE users DROP COLUMN preferred_name;
ALTER TABLE users RENAME COLUMN full_name TO name;
