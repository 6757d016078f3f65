/*
 * copy_data.h - what a COPY of a script is fed with: data below it, or of a file
 */
#ifndef RUNG_APPLY_STEP_COPY_DATA_H
#define RUNG_APPLY_STEP_COPY_DATA_H

#include "pg/query.h"
#include "sql/script.h"

/* `sql` is the statement's text. Data that became shorter while it was read is an error, and not its end. */
MUST_USE bool statement_copy(struct session *db, const struct statement *statement, const char *sql,
                             struct error *err);

#endif
