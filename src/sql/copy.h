/*
 * copy.h - psql's \copy
 */
#ifndef RUNG_SQL_COPY_H
#define RUNG_SQL_COPY_H

#include "base/arena.h"
#include "base/str.h"

/* "before from 'file' after", all of it slices of one line. */
struct copy_command {
	struct str before;   /* table and columns */
	struct str from;     /* the word */
	struct str after;    /* options, without a final semicolon */
	const char *path;    /* NULL: inline data */
	const char *problem; /* why it is refused, for a message that begins with "\copy"; or NULL */
	size_t problem_at;   /* in the line */
};

struct copy_command copy_command_parse(struct str line, struct arena *arena);

#endif
