/*
 * history_table.h - the tables that rung keeps in a database
 *
 * Each is called like the first, with a tail. This is the only list of them:
 * who makes them, checks them, reads them or leaves them out goes by it, and
 * queries say :history_names or :history_list (query_render).
 */
#ifndef RUNG_PG_HISTORY_TABLE_H
#define RUNG_PG_HISTORY_TABLE_H

#include "pg/query.h"

/* The schema of copies that rollbacks bring back (generate/kept_rows.h); not of the history, but ours, too.
 */
#define KEPT_SCHEMA "rung_kept"

enum history_table {
	HISTORY_TABLE,
	HISTORY_LOG_TABLE,
	HISTORY_RUN_TABLE,
	HISTORY_STEP_TABLE,
	HISTORY_BATCH_TABLE,
	HISTORY_CATALOG_TABLE,
	HISTORY_TABLE_COUNT,
};

/* "" and "_log" and so on; one that comes later in the list is a later one for good. */
extern const char *const history_table_tails[HISTORY_TABLE_COUNT];

/* Its name beside `history`, which is the first. */
struct qualified_name history_table_name(const struct qualified_name *history, enum history_table which,
                                         struct arena *arena);

/* All of them, quoted, as an array that is one parameter. */
char *history_table_array(const struct qualified_name *history, struct arena *arena);

/* What the longest tail adds to a name. */
size_t history_table_tail_len(void);

#endif
