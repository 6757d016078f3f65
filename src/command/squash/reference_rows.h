/*
 * reference_rows.h - the rows that migrations write, as SQL
 *
 * One INSERT a table, those a table refers to before it, rows in the order of
 * their key; behind them the positions of sequences. Values that a default gives
 * each time anew (now(), a random id) are left to the default; values that
 * differ each time and have none cannot be written down, and are refused.
 */
#ifndef RUNG_COMMAND_SQUASH_REFERENCE_ROWS_H
#define RUNG_COMMAND_SQUASH_REFERENCE_ROWS_H

#include "command/squash/database_rows.h"

struct reference_rows_options {
	struct session *db;               /* of a database that the migrations built, as database_rows.h has it */
	const struct database_rows *rows; /* of that one */
	const struct database_rows *again;  /* of another one that the same migrations built */
	const struct database_rows *before; /* of one that is as before them */
};

struct reference_rows {
	const char *sql; /* "" for none */
	size_t table_count;
	size_t row_count;
	const char **left_to_default; /* "public.plans.created_at" */
	size_t left_count;
};

MUST_USE bool reference_rows_make(const struct reference_rows_options *options, struct arena *arena,
                                  struct reference_rows *out, struct error *err);

/* Whether the values of a column are the same each time, so that they can be compared. */
bool column_is_stable(const struct row_column *column, const struct row_table *again);

/* All values of a row that can be compared, as one digest; of tables of extensions too. */
MUST_USE bool table_digest(struct session *db, const struct row_table *table, const struct row_table *again,
                           struct arena *arena, const char **out, struct error *err);

#endif
