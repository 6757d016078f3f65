-- Undoes 005_reminders.sql
DROP TABLE reminders;
