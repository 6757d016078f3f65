/*
 * timeouts.h - lock_timeout and statement_timeout of a session
 */
#ifndef RUNG_APPLY_TIMEOUTS_H
#define RUNG_APPLY_TIMEOUTS_H

#include "apply/run.h"

/* `is_local`: until the open transaction ends. */
MUST_USE bool timeouts_set(struct session *db, struct step_limits limits, bool is_local, struct error *err);

/* What is CONCURRENTLY waits for others by design: there are none until timeouts_put_back(). */
MUST_USE bool timeouts_lift(struct session *db, struct rows **former, struct error *err);
MUST_USE bool timeouts_put_back(struct session *db, const struct rows *former, struct error *err);

#endif
