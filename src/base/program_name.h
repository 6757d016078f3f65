/*
 * program_name.h - the name the program was called by, and what its commands need to mean the same
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

/*
 * What was given on the command line and has to be given again, so that a command we advise means the same
 * project and database. Written as a shell reads it; NULL for nothing. The texts have to outlive every use.
 */
struct program_options {
	const char *place;             /* "-C app": for every command that reads settings */
	const char *settings;          /* "--schema-dir sql": for those that look at migrations or a database */
	const char *withheld;          /* "--database-url": only named, since their values may be secret */
	const char *const *without;    /* verbs that take none of it */
	const char *const *with_place; /* verbs that take the place alone */
};

void program_options_set(const struct program_options *options);

/*
 * `text` with these options in each command that it advises: one in quotes, after "Next: " or ": ", or in
 * "$(...)". The first says of which options the values are withheld. The name stays "rung"; see the functions
 * above.
 */
const char *program_advice(struct arena *arena, const char *text);

#endif
