-- Third of three: a value is required. VALIDATE reads the table without stopping readers or
-- writers, and SET NOT NULL believes the constraint.
-- rung: transaction: none

ALTER TABLE users ADD CONSTRAINT users_email_verified_check CHECK (email_verified IS NOT NULL) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_email_verified_check;
ALTER TABLE users ALTER COLUMN email_verified SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_email_verified_check;
