/* What is done to who blocks us, by what was asked for, what it does and how long ago we last stopped it. */
#include "apply/lock/blocker.h"

#include "test.h"

TEST(blocker_is_left_awaited_cancelled_or_terminated)
{
	enum { NEVER = -1 };
	static const struct {
		int64_t cancel_ms, terminate_ms; /* from which age on; 0: not asked for */
		const char *state;
		int64_t age_ms, stopped_ago_ms;
		enum blocker_action action;
	} rows[] = {
	    {0, 0, "active", 99999, NEVER, BLOCKER_LEAVE},
	    {500, 0, "active", 499, NEVER, BLOCKER_LEAVE},
	    {500, 0, "active", 500, NEVER, BLOCKER_CANCEL},
	    {500, 0, NULL, 500, NEVER, BLOCKER_CANCEL},
	    {500, 0, "active", 900, 0, BLOCKER_AWAIT},
	    {500, 0, "active", 9000, 8000, BLOCKER_AWAIT}, /* one cancel is enough */
	    {500, 0, "idle in transaction", 9000, NEVER, BLOCKER_LEAVE},
	    {500, 0, "idle in transaction (aborted)", 9000, NEVER, BLOCKER_LEAVE},
	    {0, 500, "active", 499, NEVER, BLOCKER_LEAVE},
	    {0, 500, "active", 500, NEVER, BLOCKER_CANCEL}, /* first */
	    {0, 500, "active", 900, 999, BLOCKER_AWAIT},
	    {0, 500, "active", 900, 1000, BLOCKER_TERMINATE},
	    {0, 500, "idle in transaction", 499, NEVER, BLOCKER_LEAVE},
	    {0, 500, "idle in transaction", 500, NEVER, BLOCKER_TERMINATE},
	    {0, 500, "idle in transaction", 500, 10, BLOCKER_AWAIT},
	    {500, 1000, "active", 900, NEVER, BLOCKER_CANCEL},
	    {500, 1000, "active", 2000, 1400, BLOCKER_TERMINATE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct lock_policy policy = {.cancel_blockers_ms = rows[i].cancel_ms,
		                                   .terminate_blockers_ms = rows[i].terminate_ms};
		const struct blocker blocker = {.pid = 7, .state = rows[i].state, .age_ms = rows[i].age_ms};

		CHECK_ROW(i, blocker_choose(&policy, &blocker, rows[i].stopped_ago_ms) == rows[i].action);
	}
}
