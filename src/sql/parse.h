/*
 * parse.h - what PostgreSQL's own grammar says about a statement
 *
 * By libpg_query, which knows the grammar of PostgreSQL 15 and nothing of any
 * database. What it cannot parse (newer syntax, a mistake, more than a
 * megabyte) is not an error: the server is the judge, and here it just means
 * that nothing is known.
 */
#ifndef RUNG_SQL_PARSE_H
#define RUNG_SQL_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum lock_strength {
	LOCK_NONE,
	LOCK_WEAK,          /* SHARE UPDATE EXCLUSIVE: readers and writers continue */
	LOCK_STRONG_WRITES, /* SHARE, SHARE ROW EXCLUSIVE, EXCLUSIVE: writers wait */
	LOCK_STRONG,        /* ACCESS EXCLUSIVE: everybody waits */
};

/* A relation by the name the statement uses; an index stands for its table too. */
struct lock_target {
	const char *schema; /* NULL: found by search_path */
	const char *name;
	enum lock_strength strength;
};

struct lock_target_list {
	struct lock_target *items; /* each relation once, with its strongest lock */
	size_t count;
};

/*
 * Adds to `out` the relations that DDL in `text` locks more strongly than
 * plain reading and writing does; tables that a foreign key refers to are
 * among them. What only the catalog knows is not: partitions, tables that
 * follow by CASCADE, the other end of a foreign key that is dropped. False
 * when the text was not understood; `out` is as it was.
 */
bool parse_lock_targets(struct str text, struct arena *arena, struct lock_target_list *out);

#endif
