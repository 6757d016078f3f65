-- Third of three: proven without a lock that anybody would notice, then switched in one moment. The
-- old column stays under another name until the release after next, so that there is a way back.
-- rung: transaction: none

ALTER TABLE users ADD CONSTRAINT users_role_enum_check CHECK (role_enum IS NOT NULL) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_role_enum_check;

BEGIN;
ALTER TABLE users ALTER COLUMN role_enum SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_role_enum_check;
DROP TRIGGER users_sync_role ON users;
DROP FUNCTION sync_user_role();
ALTER TABLE users ALTER COLUMN role DROP NOT NULL, ALTER COLUMN role DROP DEFAULT;
ALTER TABLE users RENAME COLUMN role TO role_text;
ALTER TABLE users RENAME COLUMN role_enum TO role;
ALTER TABLE users ALTER COLUMN role SET DEFAULT 'viewer';
COMMIT;
