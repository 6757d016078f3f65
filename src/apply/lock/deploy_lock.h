/*
 * deploy_lock.h - who runs, and who waits
 *
 * N programs started together apply everything exactly once: anyone who holds an
 * advisory lock, keyed by the history table, works; the others ask again with
 * jitter, saying who holds it, since when and doing what.
 */
#ifndef RUNG_APPLY_LOCK_DEPLOY_LOCK_H
#define RUNG_APPLY_LOCK_DEPLOY_LOCK_H

#include "apply/run.h"

/*
 * Waits for the lock, up to the policy's patience (ERROR_LOCK, naming the
 * holder). Behind a transaction pooler it is taken within the open
 * transaction, which is rolled back and begun again while waiting.
 */
MUST_USE bool deploy_lock_acquire(struct run *run, struct error *err);

/*
 * All steps of the plan are done: sees that the history shows them beside what it showed before, `history`,
 * marks the run as finished where `marks`, writes `keep` (NULL for nothing) and lets go, in one round trip.
 * What `keep` is refused for is in `*kept`, and no failure: all else is done.
 */
MUST_USE bool deploy_lock_finish(struct run *run, const struct history *history, const struct plan *plan,
                                 bool marks, const struct request *keep, struct error *kept,
                                 struct error *err);

/*
 * The same question by itself, after what was claimed is committed: behind a pooler, whose lock goes with
 * each transaction, and where only the record was changed.
 */
MUST_USE bool deploy_lock_check_plan(struct run *run, const struct plan *plan, struct error *err);
MUST_USE bool deploy_lock_check_claims(struct run *run, const struct claim_list *claims, struct error *err);

/* The number of the lock, as the server's functions take it. */
const char *deploy_lock_key(const struct run *run, struct arena *arena);

/* Lets go and says so when the lock turns out not to have been ours. A transaction's lock goes with it. */
void deploy_lock_release(struct run *run);

#endif
