/*
 * side_name.h - what is compared, as people type it
 *
 * "live", "schema", "schema@NN", "git:REF", "empty", "command:COMMAND", a
 * connection string, a file or directory of SQL, or "desired", which stands for
 * what the settings say. A word wins over a file of that name: the directory is then "./schema";
 * but "desired" is a word only where the settings say something.
 */
#ifndef RUNG_COMMAND_GENERATE_SIDE_NAME_H
#define RUNG_COMMAND_GENERATE_SIDE_NAME_H

#include "base/arena.h"
#include "base/error.h"
#include "config/settings.h"

enum side_kind {
	SIDE_LIVE,       /* the configured database */
	SIDE_DATABASE,   /* another one */
	SIDE_MIGRATIONS, /* what the project's migrations make */
	SIDE_GIT,        /* what they made in a revision */
	SIDE_FILES,      /* what SQL in any order makes */
	SIDE_COMMAND,    /* what a command makes in an empty database */
	SIDE_EMPTY,
};

struct boundary;
struct tree;
struct side_name {
	enum side_kind kind;
	const char *shown;        /* for people; never a connection string */
	const char *detail;       /* the URL as libpq has it, the target, the revision, the path, the
	                           * command; NULL for none */
	const struct tree *files; /* of SIDE_MIGRATIONS: these and no others; NULL: those of the project */
	bool is_desired;          /* the settings say it, wherever they have it from */
	bool is_of_settings; /* not typed, but what a file of the project says, which others may have written */
	const struct boundary *boundary; /* what those may lead to; NULL: what the project's may */
};

/* Whether a path exists is looked at here; nothing else is opened. */
MUST_USE bool side_name_parse(const char *text, const struct settings *settings, struct arena *arena,
                              struct side_name *out, struct error *err);

/* Whether an ORM may have filled it, or a person: there may be what belongs to no schema. */
bool side_name_is_lived_in(const struct side_name *name);

/* Whether the settings say which schema is wanted. */
bool side_name_is_desired(const struct settings *settings);

/* Whether it is there already, and no scratch database has to be made of it. */
bool side_name_is_database(const struct side_name *name);

#endif
