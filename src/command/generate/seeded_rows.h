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

#include "command/generate/catalog_filter.h"
#include "generate/change_script.h"
#include "pg/session.h"

struct seeded_column {
	const char *identity; /* schema.table.column */
	const char *digest;
};

struct seeded_columns {
	struct seeded_column *items;
	size_t count;
};

struct seeded_rows {
	const char *tables;            /* an array, as the server reads it; NULL for none */
	struct seeded_columns staying; /* whose values must be there after up and after down */
	struct seeded_columns back;    /* after down: with what a rollback brings back */
	size_t table_count;
};

struct seeded_rows_options {
	const struct catalog *from;
	const struct catalog *to;
	const struct change_script *up;
	const struct change_script *down; /* NULL: only up is run */
	bool is_careful;
	const struct name_list *not_back; /* all rows come back down, but for these tables and columns; NULL:
	                                     those that no statement loses */
};

MUST_USE bool seeded_rows_make(struct session *db, const struct seeded_rows_options *options,
                               struct arena *arena, struct seeded_rows *out, struct error *err);

/* One of both lists. The error (ERROR_FOUND) names a column whose values are gone. */
MUST_USE bool seeded_rows_check(const struct seeded_rows *rows, const struct seeded_columns *columns,
                                struct session *db, struct error *err);

#endif
