/*
 * run_record.h - what a run set out to do, written before it is done
 *
 * "downgrade -4" that is cut off after three steps must not take four more
 * when it is typed again. The run's plan is therefore written in the
 * transaction of its first step, and marked as finished once its client has
 * heard that all of it is done. Reading belongs to history_load().
 */
#ifndef RUNG_HISTORY_RUN_RECORD_H
#define RUNG_HISTORY_RUN_RECORD_H

#include "history/history_store.h"

struct request run_record_begin(const struct qualified_name *history, const struct author *author,
                                const struct run_record *record, struct arena *arena);

/* Idempotent: marks nothing where there is no such run, or it is finished. */
struct request run_record_finish(const struct qualified_name *history, const char *id, struct arena *arena);

#endif
