/*
 * mention.h - where a file speaks of other migrations
 *
 * In its head: the numbers in "requires", and names such as "05_search" in
 * other comments. When a migration gets another number, both follow.
 */
#ifndef RUNG_MIGRATION_MENTION_H
#define RUNG_MIGRATION_MENTION_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct renaming {
	const char *from; /* "05_search" */
	const char *to;   /* "07_search" */
	int64_t from_number;
	int64_t to_number;
};

/* The text with every mention replaced; `text` itself when there was none. */
struct str mention_replace(struct str text, const struct renaming *renamings, size_t count,
                           struct arena *arena);

#endif
