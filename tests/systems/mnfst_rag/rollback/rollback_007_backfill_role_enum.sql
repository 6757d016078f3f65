-- The old column still holds the truth, and the next migration down drops the new one.
SET LOCAL app.audit = 'off';
UPDATE users SET role_enum = NULL;
