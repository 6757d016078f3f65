/*
 * table.h - rows of results
 *
 *	struct table table = {.type = "migration", .columns = columns, .arena = arena};
 *	table_row(&table, (const char *[]){"06", "cache", "applied", NULL...});
 *	table_print(&table, reporter);
 *
 * For people a table is aligned, with a heading; as JSON each row is an
 * object. A NULL cell is empty, or null.
 */
#ifndef RUNG_REPORT_TABLE_H
#define RUNG_REPORT_TABLE_H

#include "base/arena.h"
#include "report/report.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER,   /* right-aligned; a number in JSON */
	COLUMN_DURATION, /* cells hold milliseconds; people see "3.2 s" */
	COLUMN_FLAG,     /* cells hold "true" or "false"; people see "yes" or nothing */
	COLUMN_STATE,    /* coloured by its word: applied, pending, edited, missing, partial, failed, ok ... */
};

struct column {
	const char *key;   /* in JSON; NULL ends the list */
	const char *title; /* NULL: not shown to people */
	enum column_kind kind;
};

struct table {
	const char *type; /* in JSON */
	const struct column *columns;
	struct arena *arena;
	const char ***rows;
	size_t count;
};

/* `cells` has one entry a column; texts must live as long as the table. */
void table_row(struct table *table, const char *const *cells);
void table_print(const struct table *table, struct reporter *reporter);

#endif
