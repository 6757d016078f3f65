/*
 * program_name.h - the name the program was called by
 *
 * A link under another name (nb-migrate) is the same program. What it says of
 * itself is written with "rung" everywhere; who called it otherwise reads the
 * name he typed, and can type what he reads. Nothing else differs.
 */
#ifndef RUNG_BASE_PROGRAM_NAME_H
#define RUNG_BASE_PROGRAM_NAME_H

#include "base/arena.h"

/* The last part of `path` (argv[0]); a name that would not do on a command line is passed over. */
void program_name_set(const char *path);
const char *program_name(void);

/*
 * `text` as it should read: the word rung becomes the name, but not in rung.ini, .rung and "-- rung: ...".
 * The text itself where there is nothing to do.
 */
const char *program_name_in_text(struct arena *arena, const char *text);

/* The same only where a command is quoted, as in "rung upgrade": for text that holds others' words too. */
const char *program_name_in_commands(struct arena *arena, const char *text);

#endif
