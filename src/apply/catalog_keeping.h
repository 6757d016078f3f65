/*
 * catalog_keeping.h - keeps what the schema is like at the end of a run
 *
 * That is what drift.h compares with later. The run is done and recorded by
 * then: a failure is a warning that says what was not kept, and never one of
 * the run.
 */
#ifndef RUNG_APPLY_CATALOG_KEEPING_H
#define RUNG_APPLY_CATALOG_KEEPING_H

#include "apply/run.h"

/*
 * Whether there is something to keep after what this run did to `history`, which is from before it. Then the
 * run's files are let go.
 */
bool catalog_keeping_begin(const struct run *run, const struct history *history);

/*
 * Reads the catalogs, in one round trip, and makes of them what is to be written under the same lock. Within
 * an open transaction it is left open, or failed.
 */
MUST_USE bool catalog_keeping_read(struct session *db, const struct qualified_name *history,
                                   struct arena *arena, struct request *out, struct error *err);

void catalog_keeping_warn(const struct run *run, const struct error *why);

/* Reads and writes, where the lock is held; behind a pooler with a lock of its own. */
void catalog_keeping_do(struct run *run);

#endif
