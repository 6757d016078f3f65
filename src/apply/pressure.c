#include "apply/pressure.h"

#include <string.h>

#include "base/clock.h"

enum { GRACE_MS = 1000 };

enum pressure { PRESSURE_NONE, PRESSURE_CANCEL, PRESSURE_TERMINATE };

static const struct {
	const char *doing;
	const char *sql;
} means[] = {
    [PRESSURE_CANCEL] = {"cancelling the query of", SQL_apply_blocker_cancel},
    [PRESSURE_TERMINATE] = {"terminating", SQL_apply_blocker_terminate},
};

/*
 * Cancelling helps against a running statement; an idle transaction can only
 * be terminated. Who may be terminated is cancelled first, once.
 */
static enum pressure pressure_on(const struct lock_policy *policy, const struct blocker *blocker,
                                 bool was_pressed)
{
	const bool is_idle = blocker->state && strncmp(blocker->state, "idle", strlen("idle")) == 0;
	const bool may_terminate =
	    policy->terminate_blockers_ms && blocker->age_ms >= policy->terminate_blockers_ms;
	const bool may_cancel = policy->cancel_blockers_ms && blocker->age_ms >= policy->cancel_blockers_ms;

	if (may_terminate)
		return is_idle || was_pressed ? PRESSURE_TERMINATE : PRESSURE_CANCEL;
	return may_cancel && !is_idle ? PRESSURE_CANCEL : PRESSURE_NONE;
}

bool pressure_put(struct run *run, struct session *session, const struct blocker *blocker)
{
	const bool was_pressed = run->pressed_pid == blocker->pid;
	const enum pressure pressure = pressure_on(&run->climb->locks, blocker, was_pressed);
	scoped_arena struct arena arena = {0};
	struct error trouble;

	if (pressure == PRESSURE_NONE)
		return false;
	/* It has its moment; and a query that does not heed one cancel does not heed a second. */
	if (was_pressed && (pressure == PRESSURE_CANCEL || clock_now_ms() - run->pressed_at_ms < GRACE_MS))
		return true;
	run->pressed_pid = blocker->pid;
	run->pressed_at_ms = clock_now_ms();
	event_warning(run->climb->reporter, "%s pid %d, which holds us up", means[pressure].doing, blocker->pid);
	if (!execute(session, means[pressure].sql, PARAMS(arena_printf(&arena, "%d", blocker->pid)), &trouble))
		event_warning(run->climb->reporter, "could not: %s", trouble.message);
	return true;
}
