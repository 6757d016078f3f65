/*
 * kept_rows.h - what a migration would lose, copied aside and brought back by its rollback
 *
 * Rows of dropped tables, values of dropped columns and of columns whose type
 * is narrowed, positions of dropped sequences: each in a table of the schema
 * KEPT_SCHEMA, which is read by its owner alone and left out of comparisons.
 * Values of a column are found again by the primary key, or by a unique one that is
 * never null; without one the copy stays and is not brought back.
 *
 * What the server refuses to narrow (a value that an enum no longer has) is
 * never lost, and not kept.
 */
#ifndef RUNG_COMMAND_GENERATE_KEPT_ROWS_H
#define RUNG_COMMAND_GENERATE_KEPT_ROWS_H

#include "generate/change_script.h"

struct kept_rows {
	const struct catalog *before; /* the state that `up` begins with */
	const struct catalog *after;
	struct arena *arena;
	size_t first;             /* statements of `up` that come before that state: they rename */
	size_t trailing;          /* and of `down`, behind it */
	struct change_script *up; /* both are made longer */
	struct change_script *down;
	const char **not_back; /* identities of tables and columns of which no rollback brings the rows back */
	size_t not_back_count;
	size_t count; /* of copies */
};

void kept_rows_add(struct kept_rows *kept);

/* Whether that statement loses something of which no copy is made. */
bool kept_rows_leaves(const struct change_statement *statement);

#endif
