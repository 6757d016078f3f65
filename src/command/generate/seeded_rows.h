/*
 * seeded_rows.h - rows that have to survive
 *
 * Made in tables that are on both sides and that no statement says to lose. A
 * careful choice leaves out those too that a statement may fail on when there
 * are rows. What a table's constraints do not let in stays empty. As triggers
 * have to be silent, rows are made only where the role is a superuser.
 */
#ifndef RUNG_COMMAND_GENERATE_SEEDED_ROWS_H
#define RUNG_COMMAND_GENERATE_SEEDED_ROWS_H

#include "generate/change_script.h"
#include "pg/session.h"

struct seeded_column {
	const char *identity; /* schema.table.column */
	const char *digest;
};

struct seeded_rows {
	const char *tables;            /* an array, as the server reads it; NULL for none */
	struct seeded_column *columns; /* those whose values must stay */
	size_t column_count;
	size_t table_count;
};

/* `scripts`: up and down, which may be NULL. */
MUST_USE bool seeded_rows_make(struct session *db, const struct catalog *from, const struct catalog *to,
                               const struct change_script *const scripts[2], bool is_careful,
                               struct arena *arena, struct seeded_rows *out, struct error *err);

/* The error (ERROR_FOUND) names a column whose values are gone. */
MUST_USE bool seeded_rows_check(const struct seeded_rows *rows, struct session *db, struct error *err);

#endif
