/*
 * grants.h - what a role lacks to keep a history, as the SQL that gives it
 *
 * Called with the server's refusal in `err`; others are left alone.
 */
#ifndef RUNG_HISTORY_GRANTS_H
#define RUNG_HISTORY_GRANTS_H

#include "pg/query.h"
#include "pg/session.h"

/* The tables are to be made; always returns false. */
bool grants_explain_schema(const struct session *db, const struct qualified_name *table, struct error *err);

/* The tables are there; always returns false. */
bool grants_explain_tables(const struct session *db, const struct qualified_name *table, struct error *err);

#endif
