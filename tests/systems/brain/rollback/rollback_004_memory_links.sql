-- Undoes 004_memory_links.sql
DROP TABLE note_embeddings;
DROP TABLE note_links;
