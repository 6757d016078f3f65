/*
 * A running statement is cancelled before its session is terminated: cancelling loses one statement,
 * terminating a session and whatever its program kept in it. An idle transaction has nothing to cancel. A
 * second passes between the two, in which a cancelled statement rolls back and lets go.
 *
 * Pid and time of the last one are kept with the run: the same session is seen at every look until it has
 * gone, and would be told of, and signalled, four times a second.
 */
#include "apply/lock/blocker.h"

#include <string.h>

#include "base/clock.h"

enum { GRACE_MS = 1000 };

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
enum blocker_action blocker_choose(const struct lock_policy *policy, const struct blocker *blocker,
                                   int64_t stopped_ago_ms)
{
	const bool was_stopped = stopped_ago_ms >= 0;
	const bool is_idle = blocker->state && strncmp(blocker->state, "idle", strlen("idle")) == 0;
	const bool may_terminate =
	    policy->terminate_blockers_ms && blocker->age_ms >= policy->terminate_blockers_ms;
	const bool may_cancel = policy->cancel_blockers_ms && blocker->age_ms >= policy->cancel_blockers_ms;

	if (may_terminate && (is_idle || was_stopped))
		return was_stopped && stopped_ago_ms < GRACE_MS ? BLOCKER_AWAIT : BLOCKER_TERMINATE;
	if (!may_terminate && (!may_cancel || is_idle))
		return BLOCKER_LEAVE;
	/* A query that does not heed one cancel does not heed a second. */
	return was_stopped ? BLOCKER_AWAIT : BLOCKER_CANCEL;
}

bool blocker_stop(struct run *run, struct session *session, const struct blocker *blocker)
{
	const bool was_stopped = run->stopped_pid == blocker->pid;
	const enum blocker_action action =
	    blocker_choose(&run->options->locks, blocker, was_stopped ? clock_now_ms() - run->stopped_at_ms : -1);
	scoped_arena struct arena arena = {0};
	struct error trouble;

	if (action == BLOCKER_LEAVE || action == BLOCKER_AWAIT)
		return action == BLOCKER_AWAIT;
	run->stopped_pid = blocker->pid;
	run->stopped_at_ms = clock_now_ms();
	event_warning(run->options->reporter, "%s pid %d, which blocks us", means[action].doing, blocker->pid);
	if (!execute(session, means[action].sql, PARAMS(arena_printf(&arena, "%d", blocker->pid)), &trouble))
		event_warning(run->options->reporter, "could not: %s", trouble.message);
	return true;
}
