-- rung: breaking: users.name is called full_name; releases before 2.0 cannot read users
--
-- 04 full names: what people are called in full, and how they want to be addressed

ALTER TABLE users RENAME COLUMN name TO full_name;
ALTER TABLE users ADD COLUMN preferred_name text;
ALTER TABLE users ADD CONSTRAINT users_full_name_check CHECK (full_name <> '') NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_full_name_check;
