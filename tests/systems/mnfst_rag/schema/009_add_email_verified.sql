-- email_verified without a moment of downtime, first of three. The column has no value for the
-- rows there are; the default holds for those that come. The application may write it from now on.

ALTER TABLE users ADD COLUMN email_verified boolean;
ALTER TABLE users ALTER COLUMN email_verified SET DEFAULT false;
