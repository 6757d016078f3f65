#include "apply/lock/blocker.h"

#include <string.h>

#include "base/clock.h"

enum { GRACE_MS = 1000 };

enum blocker_action { BLOCKER_LEAVE, BLOCKER_CANCEL, BLOCKER_TERMINATE };

static const struct {
	const char *doing;
	const char *sql;
} means[] = {
    [BLOCKER_CANCEL] = {"cancelling the query of", SQL_lock_blocker_cancel},
    [BLOCKER_TERMINATE] = {"terminating", SQL_lock_blocker_terminate},
};

/*
 * Cancelling helps against a running statement; an idle transaction can only
 * be terminated. Who may be terminated is cancelled first, once.
 */
static enum blocker_action action_on(const struct lock_policy *policy, const struct blocker *blocker,
                                     bool was_stopped)
{
	const bool is_idle = blocker->state && strncmp(blocker->state, "idle", strlen("idle")) == 0;
	const bool may_terminate =
	    policy->terminate_blockers_ms && blocker->age_ms >= policy->terminate_blockers_ms;
	const bool may_cancel = policy->cancel_blockers_ms && blocker->age_ms >= policy->cancel_blockers_ms;

	if (may_terminate)
		return is_idle || was_stopped ? BLOCKER_TERMINATE : BLOCKER_CANCEL;
	return may_cancel && !is_idle ? BLOCKER_CANCEL : BLOCKER_LEAVE;
}

bool blocker_stop(struct run *run, struct session *session, const struct blocker *blocker)
{
	const bool was_stopped = run->stopped_pid == blocker->pid;
	const enum blocker_action pressure = action_on(&run->options->locks, blocker, was_stopped);
	scoped_arena struct arena arena = {0};
	struct error trouble;

	if (pressure == BLOCKER_LEAVE)
		return false;
	/* It has its moment; and a query that does not heed one cancel does not heed a second. */
	if (was_stopped && (pressure == BLOCKER_CANCEL || clock_now_ms() - run->stopped_at_ms < GRACE_MS))
		return true;
	run->stopped_pid = blocker->pid;
	run->stopped_at_ms = clock_now_ms();
	event_warning(run->options->reporter, "%s pid %d, which blocks us", means[pressure].doing, blocker->pid);
	if (!execute(session, means[pressure].sql, PARAMS(arena_printf(&arena, "%d", blocker->pid)), &trouble))
		event_warning(run->options->reporter, "could not: %s", trouble.message);
	return true;
}
