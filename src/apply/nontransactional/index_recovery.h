/*
 * index_recovery.h - INVALID indexes that an interrupted build left behind
 *
 * Found by what the statement says: by name, by what the server would have
 * named it, or as the copy of an index that was to be rebuilt. Never dropped
 * while somebody may still be building them; that is waited for, and told.
 */
#ifndef RUNG_APPLY_NONTRANSACTIONAL_INDEX_RECOVERY_H
#define RUNG_APPLY_NONTRANSACTIONAL_INDEX_RECOVERY_H

#include "apply/nontransactional/recovery.h"

/*
 * Of a CREATE INDEX CONCURRENTLY: drops its INVALID index. `*is_done` tells
 * that there is a valid one. ERROR_SQL when it names no index and several may
 * be its own.
 */
MUST_USE bool index_recovery_settle(struct run *run, const struct suspect *suspect, bool *is_done,
                                    struct error *err);

/* Of a REINDEX CONCURRENTLY: drops the invalid copies of the indexes it was to rebuild, and no others. */
MUST_USE bool index_recovery_drop_copies(struct run *run, const struct statement *statement,
                                         struct error *err);

/* After success: the index that CREATE INDEX CONCURRENTLY names is one of its table, and valid. */
MUST_USE bool index_recovery_verify(struct run *run, const struct statement *statement, struct error *err);

#endif
