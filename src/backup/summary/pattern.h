/*
 * pattern.h - names of tables as psql and pg_dump have them
 *
 * "orders", "audit.*", "\"Odd Name\"": unquoted letters are folded, * and ? are
 * what they are in shells, the rest is a regular expression. Follows
 * patternToSQLRegex() in PostgreSQL's string_utils.c.
 */
#ifndef RUNG_BACKUP_SUMMARY_PATTERN_H
#define RUNG_BACKUP_SUMMARY_PATTERN_H

#include "base/arena.h"

struct pattern {
	const char *schema; /* a regular expression for all of the name; "" where the pattern names no schema */
	const char *table;
};

/* Of "database.schema.table" the database is left to pg_dump, which refuses others. */
struct pattern pattern_parse(const char *text, struct arena *arena);

#endif
