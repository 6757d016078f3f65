-- 003 note search: full text over title and body, the title counting more

ALTER TABLE notes ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B')
) STORED;

CREATE INDEX ix_notes_search ON notes USING gin (search);

CREATE FUNCTION search_notes(owner uuid, words text) RETURNS TABLE (id uuid, title text, rank real)
LANGUAGE sql STABLE AS $$
    SELECT n.id, n.title, ts_rank(n.search, websearch_to_tsquery('simple', words))
    FROM notes AS n
    WHERE n.user_id = owner AND n.search @@ websearch_to_tsquery('simple', words)
    ORDER BY 3 DESC, n.created_at DESC
$$;
