/*
 * history_rows.h - what the tables of the history answer, as records
 *
 * Who asks is history_load(); nothing here needs a server.
 */
#ifndef RUNG_HISTORY_HISTORY_ROWS_H
#define RUNG_HISTORY_HISTORY_ROWS_H

#include "history/record.h"
#include "pg/query.h"

/* The answer of load.sql or load_adopted.sql: sets `records` and `count`, lowest number first. */
void history_read_records(const struct rows *rows, struct arena *arena, struct history *history);

/* The answer of run_load.sql; NULL where it has no row, or was not asked (`rows` NULL). */
const struct run_record *history_read_run(const struct rows *rows, struct arena *arena);

#endif
