-- Undoes 001_users_and_notes.sql. Refused while somebody else depends on pgcrypto.
DROP TABLE note_tags;
DROP TABLE tags;
DROP TABLE notes;
DROP TABLE users;
DROP EXTENSION pgcrypto;
