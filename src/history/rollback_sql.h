/*
 * rollback_sql.h - the rollback SQL that the database keeps
 */
#ifndef RUNG_HISTORY_ROLLBACK_SQL_H
#define RUNG_HISTORY_ROLLBACK_SQL_H

#include "history/history_store.h"

/*
 * The SQL kept with an applied migration; *out is NULL when there is none. It
 * will run as the deployer, and rights on one column are enough to exchange it:
 * it must be the text whose checksum was logged when the migration was
 * recorded, in a log whose chain of hashes is whole. Otherwise ERROR_FOUND.
 */
MUST_USE bool rollback_sql_load(struct session *db, const struct qualified_name *table, int64_t version,
                                struct arena *arena, const char **out, struct error *err);

#endif
