/*
 * blocker.h - making somebody who holds us up let go
 *
 * Off unless --cancel-blockers or --terminate-blockers ask for it.
 */
#ifndef RUNG_APPLY_LOCK_BLOCKER_H
#define RUNG_APPLY_LOCK_BLOCKER_H

#include "apply/run.h"

struct blocker {
	int pid;
	const char *state; /* of its session; NULL for none */
	int64_t age_ms;    /* of its transaction */
};

enum blocker_action {
	BLOCKER_LEAVE, /* nothing is ever done to it as it is now */
	BLOCKER_AWAIT, /* it was stopped, and has its moment */
	BLOCKER_CANCEL,
	BLOCKER_TERMINATE,
};

/* `stopped_ago_ms`: since we last did something to it; -1 for never. */
enum blocker_action blocker_choose(const struct lock_policy *policy, const struct blocker *blocker,
                                   int64_t stopped_ago_ms);

/*
 * Cancels or terminates, by `session`, a blocker that is old enough, and gives
 * it a moment. False when nothing is ever done to this one as it is now.
 */
bool blocker_stop(struct run *run, struct session *session, const struct blocker *blocker);

#endif
