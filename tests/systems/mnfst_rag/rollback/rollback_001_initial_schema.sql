DROP TABLE sessions;
DROP TABLE documents;
DROP TABLE users;
DROP TABLE tenants;
