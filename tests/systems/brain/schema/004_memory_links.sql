-- 004 memory links: notes that belong together, and the vectors that say so

CREATE TABLE note_links (
    from_note_id uuid NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    to_note_id uuid NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    kind text NOT NULL DEFAULT 'related',
    strength real NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (from_note_id, to_note_id, kind),
    CONSTRAINT note_links_self_check CHECK (from_note_id <> to_note_id),
    CONSTRAINT note_links_kind_check CHECK (kind IN ('related', 'contradicts', 'follows', 'source')),
    CONSTRAINT note_links_strength_check CHECK (strength > 0 AND strength <= 1)
);

CREATE INDEX ix_note_links_to_note_id ON note_links (to_note_id);

CREATE TABLE note_embeddings (
    note_id uuid PRIMARY KEY REFERENCES notes (id) ON DELETE CASCADE,
    model text NOT NULL,
    embedding real[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT note_embeddings_embedding_check CHECK (cardinality(embedding) BETWEEN 1 AND 4096)
);
