/*
 * watch.h - what takes so long
 *
 * A second connection that opens only when a statement has been running for
 * more than a second, asks the server about the first one a few times a
 * second and tells how far it has come, or who is in its way. It also puts
 * pressure on those, where that is asked for: a statement CONCURRENTLY waits
 * for old transactions with no timeout, and cannot watch for them itself. A quick
 * run never pays for it; where no second connection can be had, we stay silent.
 */
#ifndef RUNG_APPLY_LOCK_WATCH_H
#define RUNG_APPLY_LOCK_WATCH_H

#include "apply/run.h"

/* Starts watching run->db: from here on its notices and waits are told. */
void watch_open(struct run *run);
void watch_close(struct run *run);

/* What is being run, for the lines shown: "06_cache". */
void watch_subject(struct run *run, const struct step *step);

#endif
