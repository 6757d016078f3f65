/*
 * recovery.h - what an interrupted statement leaves behind
 *
 * One row per kind of statement that refuses transactions: how to tell
 * whether it had succeeded after all, and what to clear away before it can
 * run again.
 */
#ifndef RUNG_APPLY_NONTRANSACTIONAL_RECOVERY_H
#define RUNG_APPLY_NONTRANSACTIONAL_RECOVERY_H

#include "apply/run.h"

/* A statement of a nontransactional migration, and its row in the journal, which knows when it was begun. */
struct suspect {
	const struct statement *statement;
	int64_t version;
	size_t number; /* the statement's, in the journal */
};

/*
 * For a statement that was begun and of which nobody knows the end: clears
 * what is in its way. `*is_done` tells that it need not run again. ERROR_SQL
 * when that cannot be known without a human.
 */
MUST_USE bool recovery_settle(struct run *run, const struct suspect *suspect, bool *is_done,
                              struct error *err);

/*
 * Before a statement runs, and after it failed: its own INVALID index is
 * dropped, so that IF NOT EXISTS cannot hide it, and so are the copies that an
 * interrupted REINDEX CONCURRENTLY made of the indexes it is about.
 */
MUST_USE bool recovery_clear(struct run *run, const struct suspect *suspect, struct error *err);

/* After it failed: whether something of it may be there that recovery_clear() does not clear. */
bool recovery_may_stay(const struct statement *statement, const struct error *failure);

/* After success: an index that CREATE INDEX CONCURRENTLY reported as built is really valid. */
MUST_USE bool recovery_verify(struct run *run, const struct statement *statement, struct error *err);

/*
 * Whether an error of a statement that is run once more only says that it had
 * been done before ("already exists", "does not exist").
 */
bool recovery_means_done(const struct statement *statement, const struct error *err);

#endif
