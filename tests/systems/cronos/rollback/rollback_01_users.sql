-- Undoes 01_users.sql
DROP TABLE users;
