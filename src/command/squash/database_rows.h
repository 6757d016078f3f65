/*
 * database_rows.h - the rows that migrations leave in a database
 *
 * A schema that was built from nothing holds what its migrations wrote: rows
 * that the program relies on, and positions of sequences. Two databases that
 * the same migrations built differ in what depends on when they ran; so which
 * values are meant is told by comparing two.
 */
#ifndef RUNG_COMMAND_SQUASH_DATABASE_ROWS_H
#define RUNG_COMMAND_SQUASH_DATABASE_ROWS_H

#include "base/arena.h"
#include "pg/query.h"

struct row_column {
	const char *name;    /* quoted where it needs that */
	const char *literal; /* SQL: the value as a literal */
	const char *digest;  /* of all its values; NULL without rows */
	bool is_generated;
	bool is_identity;
	bool is_key;
	bool has_default;
	bool is_default; /* every value is what its default would be now, which is no constant */
};

struct row_table {
	const char *name;      /* "public.plans", quoted where it needs that */
	const char *refers_to; /* the other tables its foreign keys name, one a line; NULL for none */
	bool is_of_extension;
	bool has_triggers;
	bool is_view; /* a materialized one */
	size_t count;
	struct row_column *columns;
	size_t column_count;
};

/* What is neither row nor schema: "role app login", "sequence public.t_id_seq at 3". */
struct beside {
	const char *text;
	const char *sql; /* that makes it so, of a sequence; else NULL */
};

struct database_rows {
	struct row_table *tables; /* by name; those without a row too */
	size_t table_count;
	struct beside *beside_facts;
	size_t beside_count;
};

/* `db` is in the transaction of database_rows_begin(), in which values look the same everywhere. */
MUST_USE bool database_rows_begin(struct session *db, struct error *err);
MUST_USE bool database_rows_load(struct session *db, const struct qualified_name *history,
                                 struct arena *arena, struct database_rows *out, struct error *err);

/* NULL when there is none of that name. */
const struct row_table *database_rows_find(const struct database_rows *rows, const char *name);
const struct row_column *row_table_column(const struct row_table *table, const char *name);

#endif
