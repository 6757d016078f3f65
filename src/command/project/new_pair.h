/*
 * new_pair.h - writing a migration and its rollback with the next number
 *
 * What "create" and "merge" have in common: the number after the highest, the
 * width in use, the name by the project's template, both files and the line in
 * 00_master_schema.sql together or none of them. A change of several parts is
 * several pairs, one after the other: NN_name, NN+1_name_2 ...
 */
#ifndef RUNG_COMMAND_PROJECT_NEW_PAIR_H
#define RUNG_COMMAND_PROJECT_NEW_PAIR_H

#include "command/command.h"

/* Stands in SQL for the number of the migration. */
#define PAIR_NUMBER '\001'

/* What is known to stand in a pair; NULL for none of it. */
struct pair_text {
	const char *up; /* SQL, behind the template as it is */
	const char *down;
	const char *up_head; /* directives, a line each */
	const char *down_head;
	const char *summary; /* comments, a line each */
};

/*
 * In a template "{message}" is the message, "{pair}" the name of the other
 * file, "{directives}" a line for each of the directives below and of the
 * text's, "{head}" the text's alone, "{summary}" its summary.
 */
struct pair_wish {
	const char *message;
	const char *up_template;
	const char *down_template;
	const struct pair_text *texts; /* one for each of several pairs, in the order they run; NULL: one pair of
	                                  the templates alone */
	size_t text_count;
	const char *branch;                      /* NULL for the trunk */
	const struct migration *const *requires; /* what it also depends on; NULL-terminated, or NULL */
	int64_t highest_known;                   /* of the history, where it was asked: taken as well */
};

/* A pair that is to be written. */
struct new_pair {
	const char *up_name;
	const char *down_name;
	const char *up_path;
	const char *down_path;
	struct str up;
	struct str down;
};

struct new_pairs {
	struct new_pair *items; /* by number */
	size_t count;
};

/* Names and texts of the files, which are not written yet. The context's tree must be loaded. */
MUST_USE bool new_pairs_make(const struct context *context, const struct pair_wish *wish,
                             struct new_pairs *out, struct error *err);

/* Writes all files, or none, and says so. */
MUST_USE bool new_pairs_write(struct context *context, const struct new_pairs *pairs, struct error *err);

/* Both. */
MUST_USE bool new_pair_write(struct context *context, const struct pair_wish *wish, struct error *err);

#endif
