/*
 * side_name.h - what is compared, as people type it
 *
 * "live", "schema", "schema@NN", "git:REF", "empty", a connection string, or a
 * file or directory of SQL. A word wins over a file of that name: the
 * directory is then "./schema".
 */
#ifndef RUNG_COMMAND_GENERATE_SIDE_NAME_H
#define RUNG_COMMAND_GENERATE_SIDE_NAME_H

#include "base/arena.h"
#include "base/error.h"

enum side_kind {
	SIDE_LIVE,       /* the configured database */
	SIDE_DATABASE,   /* another one */
	SIDE_MIGRATIONS, /* what the project's migrations make */
	SIDE_GIT,        /* what they made in a revision */
	SIDE_FILES,      /* what SQL in any order makes */
	SIDE_EMPTY,
};

struct tree;
struct side_name {
	enum side_kind kind;
	const char *shown;        /* for people; never a connection string */
	const char *detail;       /* the URL as libpq has it, the target, the revision, the path; NULL for none */
	const struct tree *files; /* of SIDE_MIGRATIONS: these and no others; NULL: those of the project */
};

/* Whether a path exists is looked at here; nothing else is opened. */
MUST_USE bool side_name_parse(const char *text, struct arena *arena, struct side_name *out,
                              struct error *err);

/* Whether it is there already, and no scratch database has to be made of it. */
bool side_name_is_database(const struct side_name *name);

#endif
