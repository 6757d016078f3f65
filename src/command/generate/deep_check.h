/*
 * deep_check.h - a database against one that its migrations have just built
 *
 * Those that are applied there run on a scratch server, and both catalogs are
 * compared object by object. What was kept of the last run (apply/drift.h) is
 * not asked, so this also finds what differed before rung kept anything, and
 * knows what each object should be like.
 */
#ifndef RUNG_COMMAND_GENERATE_DEEP_CHECK_H
#define RUNG_COMMAND_GENERATE_DEEP_CHECK_H

#include "command/database/database_state.h"

struct deep_check_options {
	const struct database_state *state;
	const char *server_url; /* for scratch databases, as libpq has it; NULL: a server of our own */
	bool names_objects;     /* a finding for each that differs */
	bool prints_sql;        /* that undoes the differences, and as a comment what would keep them */
	bool is_proved;         /* that SQL is tried before it is printed */
	bool has_pending;       /* "create --from live" would take those away again */
};

/*
 * Adds the findings to `*count`. Where the migrations cannot be run as they were, such as when a file is
 * missing, a warning says so.
 */
MUST_USE bool deep_check(struct context *context, const struct deep_check_options *options, size_t *count,
                         struct error *err);

#endif
