#include "migration/template.h"

#include <string.h>

/* The lines by which a template is known again; they go when somebody clears the file. */
#define UP_ADVICE "-- Statements that can run twice make repairs easier:"
#define DOWN_ADVICE "-- In reverse order, and only what the migration did:"

const char template_up[] =
    "{directives}-- {message}\n--\n-- Runs in one transaction. Rolled back by {pair}.\n" UP_ADVICE "\n"
    "--\n"
    "--     CREATE TABLE IF NOT EXISTS things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
    "--     ALTER TABLE things ADD COLUMN IF NOT EXISTS note text;\n"
    "--     CREATE INDEX IF NOT EXISTS idx_things_note ON things (note);\n"
    "\n";

const char template_down[] =
    "-- Undoes {pair}: {message}\n"
    "--\n" DOWN_ADVICE
    "\n--\n--     DROP INDEX IF EXISTS idx_things_note;\n--     ALTER TABLE things DROP COLUMN IF EXISTS "
    "note;\n--     DROP TABLE IF EXISTS things;\n--\n-- If it cannot be rolled back, delete this file and "
    "write at the top of the other:\n--\n--     -- rung: irreversible: the reason\n\n";

const char template_known_up[] = "{directives}-- {message}\n--\n{summary}-- Rolled back by {pair}.\n\n";
const char template_known_down[] = "{head}-- Undoes {pair}: {message}\n\n";

bool template_is_untouched(struct str text)
{
	return memmem(text.text, text.len, UP_ADVICE, strlen(UP_ADVICE)) ||
	       memmem(text.text, text.len, DOWN_ADVICE, strlen(DOWN_ADVICE));
}
