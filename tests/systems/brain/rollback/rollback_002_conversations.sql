-- Undoes 002_conversations.sql
DROP TABLE messages;
DROP FUNCTION conversation_touched();
DROP TABLE conversations;
DROP TYPE message_role;
