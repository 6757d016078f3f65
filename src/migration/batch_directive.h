/*
 * batch_directive.h - "-- rung: batch table=orders key=id size=5000 pause=50ms"
 *
 * Before an UPDATE, DELETE or INSERT ... SELECT: the statement runs in chunks
 * over the table, each committed together with how far it came. Three ways:
 *
 *	key=id, key=tenant,id  ranges of an ordered key, best a unique one with an index; the statement
 *	                       says "id > :lo and id <= :hi", or for several columns
 *	                       "(tenant, id) > (:lo_tenant, :lo_id) and ... <= (:hi_tenant, :hi_id)"
 *	ctid                   ranges of pages: "ctid > :lo and ctid <= :hi", in passes until one changes
 *	                       nothing, so WHERE must leave out what is done; PostgreSQL 14 and later
 *	repeat                 a statement that limits itself, until it changes nothing
 */
#ifndef RUNG_MIGRATION_BATCH_DIRECTIVE_H
#define RUNG_MIGRATION_BATCH_DIRECTIVE_H

#include "sql/script.h"

enum { BATCH_MOST_COLUMNS = 4 };

enum batch_way {
	BATCH_BY_KEY,
	BATCH_BY_CTID,
	BATCH_REPEAT,
};

struct batch {
	enum batch_way way;
	const char *table;                       /* as written; NULL only for repeat */
	const char *columns[BATCH_MOST_COLUMNS]; /* of the key, as the catalog has them */
	size_t column_count;
	int64_t size;       /* rows of the first chunk */
	int64_t pause_ms;   /* after each chunk */
	int64_t max_lag_ms; /* of replicas; -1: whatever it is */
	int64_t time_ms;    /* a chunk should take about as long */
};

/* Whether the statement runs in chunks. */
bool batch_is_wanted(const struct statement *statement);

/* Reads the directive and proves that the statement has the placeholders it needs. */
MUST_USE bool batch_parse(const struct statement *statement, struct arena *arena, struct batch *out,
                          struct error *err);

/*
 * The statement with its placeholders as parameters: $1 ... for the lower
 * bound, then the upper one. As long as the original, so that positions in it
 * mean the same.
 */
char *batch_text(const struct statement *statement, const struct batch *batch, struct arena *arena);

#endif
