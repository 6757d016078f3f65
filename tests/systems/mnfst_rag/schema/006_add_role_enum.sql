-- Roles become an enum, first of three: the new column beside the old one, kept in step for whoever
-- still writes the old one.

CREATE TYPE user_role AS ENUM ('viewer', 'editor', 'admin', 'owner');
ALTER TABLE users ADD COLUMN role_enum user_role;

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
