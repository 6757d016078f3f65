/*
 * lock_wait.h - look first, then lock
 *
 * A statement that waits for a strong lock makes everybody queue behind it.
 * So before it runs, and again after a try was refused, we ask who has held a
 * conflicting lock for longer than a moment, and wait outside the queue until
 * nobody does.
 */
#ifndef RUNG_APPLY_LOCK_LOCK_WAIT_H
#define RUNG_APPLY_LOCK_LOCK_WAIT_H

#include "apply/step/step_script.h"

/*
 * Returns when nobody old holds what the step's statements need; at once
 * (one query) when there are no old transactions at all, and within a
 * transaction, where waiting would only make others wait for us. ERROR_LOCK when
 * patience ends, naming who is in the way and the SQL that would end it.
 */
MUST_USE bool lock_wait_before(struct run *run, const struct step_script *step_script, struct error *err);

/*
 * Whether none of the old transactions seen last holds what the step's
 * statements need: then it may travel without another look.
 */
bool lock_wait_is_clear(const struct run *run, const struct step_script *step_script);

/* After a refused lock: backs off, with jitter, then looks. */
MUST_USE bool lock_wait_after_refusal(struct run *run, const struct step_script *step_script,
                                      const struct error *refusal, struct error *err);

/* When a wait is told of, and when it ends; in milliseconds of clock_now_ms(). */
struct lock_patience {
	int64_t began_ms;
	int64_t deadline_ms;
	int64_t speak_at_ms;
};

enum lock_patience_state {
	LOCK_PATIENCE_SILENT,
	LOCK_PATIENCE_SPEAKS, /* now, and then not for a while */
	LOCK_PATIENCE_OVER,
};

struct lock_patience lock_patience_begin(int64_t now_ms, int64_t deadline_ms);
enum lock_patience_state lock_patience_at(struct lock_patience *patience, int64_t now_ms);

/* How long it rests after so many refusals, before jitter. */
int64_t lock_wait_backoff_ms(int attempts);

#endif
