/*
 * head.h - the part of a file above its first statement
 *
 * Comments, blank lines and those backslash commands that send nothing. Block
 * comments are passed over; line comments come out one by one, for somebody
 * else to read (directive.h).
 */
#ifndef RUNG_MIGRATION_HEAD_H
#define RUNG_MIGRATION_HEAD_H

#include "base/str.h"
#include "sql/script.h"

struct head {
	struct str text; /* of the whole file */
	size_t at;       /* how far it was read; in the end, where the first statement starts */
};

struct head head_of(struct str text);

/* The next line comment with its dashes, starting at `*offset`; false where the head ends. */
bool head_next(struct head *head, struct str *comment, size_t *offset);

/* Where the head ends. */
size_t head_len(struct str text);

/* The line and column of a byte of a file. */
struct place place_in(struct str text, const char *path, size_t offset);

#endif
