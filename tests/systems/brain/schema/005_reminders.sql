-- 005 reminders: a note that comes back by itself

CREATE TABLE reminders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note_id uuid NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    due_at timestamptz NOT NULL,
    repeats_every interval,
    sent_at timestamptz,
    CONSTRAINT reminders_repeats_every_check CHECK (repeats_every >= interval '1 minute')
);

-- The worker looks for what is due and not sent; what was sent is not in it.
CREATE INDEX ix_reminders_due_at ON reminders (due_at) WHERE sent_at IS NULL;
