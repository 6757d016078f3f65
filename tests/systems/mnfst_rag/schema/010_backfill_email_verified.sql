-- Second of three: who has ever logged in had a mail from us.

SET app.audit = 'off';

-- rung: batch table=users key=id size=1000 pause=5ms
UPDATE users SET email_verified = last_login_at IS NOT NULL
 WHERE email_verified IS NULL AND id > :lo AND id <= :hi;
