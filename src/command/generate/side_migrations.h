/*
 * side_migrations.h - a database made by the project's migrations, as they are or as they were in a revision
 */
#ifndef RUNG_COMMAND_GENERATE_SIDE_MIGRATIONS_H
#define RUNG_COMMAND_GENERATE_SIDE_MIGRATIONS_H

#include "command/command.h"
#include "command/generate/prerequisite.h"
#include "command/generate/side_name.h"

struct side_migrations_options {
	struct context *context;
	const struct side_name *name; /* SIDE_MIGRATIONS or SIDE_GIT */
	const char *conninfo;         /* of the empty database */
	struct session *beside;       /* in another one of the same server */
	const struct prerequisites *prerequisites;
};

/* By the ordinary upgrade, silently, history included. */
MUST_USE bool side_migrations_run(const struct side_migrations_options *options, struct error *err);

#endif
