/*
 * index_clause.h - which index, of which table, a statement is about
 *
 * Read word by word from a CREATE INDEX CONCURRENTLY or a REINDEX that the
 * server has accepted before, or is about to judge: what makes no sense gives
 * empty names, never an error.
 */
#ifndef RUNG_SQL_INDEX_CLAUSE_H
#define RUNG_SQL_INDEX_CLAUSE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* What CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] [name] ON [ONLY] table (columns) says. */
struct index_clause {
	const char *index; /* folded as the server does; NULL when the statement names none */
	const char *table; /* as written, schema included */
	bool is_unique;
	/*
	 * The name the server chooses where none is given, up to a number it may
	 * add; NULL when only the server can tell (expressions, INCLUDE, long names).
	 */
	const char *chosen;
};

struct index_clause index_clause_read(struct str text, struct arena *arena);

/* What REINDEX ... INDEX|TABLE|SCHEMA|DATABASE|SYSTEM [CONCURRENTLY] [name] says. */
struct reindex_clause {
	const char *what; /* the word, in lower case */
	const char *name; /* as written, schema included; empty for none */
};

struct reindex_clause reindex_clause_read(struct str text, struct arena *arena);

#endif
