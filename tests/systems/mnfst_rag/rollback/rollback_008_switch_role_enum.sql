ALTER TABLE users ALTER COLUMN role DROP DEFAULT, ALTER COLUMN role DROP NOT NULL;
ALTER TABLE users RENAME COLUMN role TO role_enum;
ALTER TABLE users RENAME COLUMN role_text TO role;
SET LOCAL app.audit = 'off';
UPDATE users SET role = role_enum::text WHERE role IS DISTINCT FROM role_enum::text;
ALTER TABLE users ALTER COLUMN role SET NOT NULL, ALTER COLUMN role SET DEFAULT 'viewer';

CREATE FUNCTION sync_user_role() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.role_enum := NEW.role::user_role;
    RETURN NEW;
END;
$$;
CREATE TRIGGER users_sync_role BEFORE INSERT OR UPDATE OF role ON users
    FOR EACH ROW EXECUTE FUNCTION sync_user_role();
