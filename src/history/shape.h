/*
 * shape.h - whose table is it
 */
#ifndef RUNG_HISTORY_SHAPE_H
#define RUNG_HISTORY_SHAPE_H

#include "base/error.h"
#include "history/record.h"
#include "pg/query.h"

/*
 * `columns` and `relkinds` of all tables as facts.sql lists them. Sets `exists`, `is_adopted` and
 * `is_outdated`; a table that is neither ours nor to be adopted is an error, with what to do about it.
 */
MUST_USE bool shape_judge(const struct qualified_name *table, const char *columns, const char *relkinds,
                          struct history *history, struct error *err);

#endif
