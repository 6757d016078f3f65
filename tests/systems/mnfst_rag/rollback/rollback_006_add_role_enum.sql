DROP TRIGGER users_sync_role ON users;
DROP FUNCTION sync_user_role();
ALTER TABLE users DROP COLUMN role_enum;
DROP TYPE user_role;
