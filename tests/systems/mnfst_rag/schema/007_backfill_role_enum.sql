-- Second of three: the rows that were there before, in turns.

SET app.audit = 'off';

-- rung: batch table=users key=id size=1000 pause=5ms max-lag=10s
UPDATE users SET role_enum = role::user_role
 WHERE role_enum IS NULL AND id > :lo AND id <= :hi;
