DROP TABLE system_metrics;
DROP TABLE audit_logs;
DROP TABLE user_sessions;
DROP TABLE users;
DROP FUNCTION touch_updated_at();
DROP EXTENSION pgcrypto;
DROP EXTENSION "uuid-ossp";
