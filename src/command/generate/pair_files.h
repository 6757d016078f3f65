/*
 * pair_files.h - new migrations, run as the files they will be
 *
 * The files lie in a directory of their own meanwhile, and run by the ordinary
 * upgrade and downgrade: directives, variables and transactions are those of
 * a user's run. Their history is one of its own, in the schema PAIR_FILES_SCHEMA;
 * who looks at the catalog leaves that out.
 */
#ifndef RUNG_COMMAND_GENERATE_PAIR_FILES_H
#define RUNG_COMMAND_GENERATE_PAIR_FILES_H

#include "apply/migrate.h"
#include "command/command.h"
#include "command/project/new_pair.h"

#define PAIR_FILES_SCHEMA "rung_proof"

struct pair_files {
	struct context *context;
	const char *directory;
	const char *directories[2]; /* of the boundary */
	struct boundary boundary;
	struct tree tree;
	bool is_kept; /* the directory stays */
};

/* Writes them. What is said of other migrations in them does not count here: these are not there. */
MUST_USE bool pair_files_open(struct context *context, const struct new_pairs *pairs, struct pair_files *out,
                              struct error *err);
void pair_files_close(struct pair_files *files);
#define scoped_pair_files SCOPED(pair_files_close)

/* One of them, the next one up or the last one down. */
MUST_USE bool pair_files_step(struct pair_files *files, const char *conninfo, enum direction direction,
                              struct error *err);

/* After an error: the directory stays, and a hint says where it is. */
bool pair_files_keep(struct pair_files *files, struct error *err);

#endif
