-- Undoes 003_note_search.sql
DROP FUNCTION search_notes(uuid, text);
DROP INDEX ix_notes_search;
ALTER TABLE notes DROP COLUMN search;
