#include "migration/template.h"

#include <string.h>

/* The lines by which a template is known again; they go when somebody clears the file. */
#define UP_ADVICE "-- Statements that may run twice are kind to whoever has to repair something:"
#define DOWN_ADVICE "-- In the opposite order, and nothing more than the migration did:"

const char template_up[] =
    "{directives}"
    "-- {message}\n"
    "--\n"
    "-- Applied in one transaction, all or nothing. Undone by {pair}.\n" UP_ADVICE "\n"
    "--\n"
    "--     CREATE TABLE IF NOT EXISTS things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
    "--     ALTER TABLE things ADD COLUMN IF NOT EXISTS note text;\n"
    "--     CREATE INDEX IF NOT EXISTS idx_things_note ON things (note);\n"
    "\n";

const char template_down[] =
    "-- Undoes {pair}: {message}\n"
    "--\n" DOWN_ADVICE "\n"
    "--\n"
    "--     DROP INDEX IF EXISTS idx_things_note;\n"
    "--     ALTER TABLE things DROP COLUMN IF EXISTS note;\n"
    "--     DROP TABLE IF EXISTS things;\n"
    "--\n"
    "-- If it cannot be undone, delete this file and put into the head of the other:\n"
    "--\n"
    "--     -- rung: irreversible: the reason\n"
    "\n";

bool template_is_untouched(struct str text)
{
	return memmem(text.text, text.len, UP_ADVICE, strlen(UP_ADVICE)) ||
	       memmem(text.text, text.len, DOWN_ADVICE, strlen(DOWN_ADVICE));
}
