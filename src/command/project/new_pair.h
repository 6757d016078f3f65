/*
 * new_pair.h - writing a migration and its rollback with the next number
 *
 * What "create" and "merge" have in common: the number after the highest, the
 * width in use, the name by the project's template, both files and the line in
 * 00_master_schema.sql together or none of them.
 */
#ifndef RUNG_COMMAND_PROJECT_NEW_PAIR_H
#define RUNG_COMMAND_PROJECT_NEW_PAIR_H

#include "command/command.h"

/*
 * In a template "{message}" is the message, "{pair}" the name of the other
 * file and "{directives}" a line for each of the directives below.
 */
struct pair_wish {
	const char *message;
	const char *up_template;
	const char *down_template;
	const char *up_sql; /* stands behind the template as it is; NULL for none */
	const char *down_sql;
	const char *branch;                      /* NULL for the trunk */
	const struct migration *const *requires; /* what it also depends on; NULL-terminated, or NULL */
	int64_t highest_known;                   /* of the history, where it was asked: taken as well */
};

/* Writes the files and says so. The context's tree must be loaded. */
MUST_USE bool new_pair_write(struct context *context, const struct pair_wish *wish, struct error *err);

#endif
