/*
 * batch_condition.h - whether a batch's statement takes each row of its range once
 *
 * "id > :lo and id <= :hi" meets every row once. With "<" the last row of each
 * chunk is left out, with ">=" or BETWEEN it is taken twice, with OR beside it
 * every chunk takes rows of others, and where the statement changes the key the
 * rows come again. With bounds of another table rows behind them are left out.
 * None of this is seen by the server. A statement that is repeated until it
 * changes nothing has to be counted by it.
 */
#ifndef RUNG_MIGRATION_BATCH_CONDITION_H
#define RUNG_MIGRATION_BATCH_CONDITION_H

#include "migration/batch_directive.h"

/*
 * For a batch whose bounds, if it has any, are all there; by ctid a row may be
 * met again. `example` is its range as it should be written. Code that the statement calls, a trigger that
 * moves keys among it, is not known.
 */
MUST_USE bool batch_condition_check(const struct statement *statement, const struct batch *batch,
                                    const char *example, struct error *err);

#endif
