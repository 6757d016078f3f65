/*
 * plain.h - migrations that no transaction can hold
 *
 * Run statement by statement. An ordinary statement is committed together
 * with its row in the journal; one that refuses transactions is journaled
 * before and after. Run again after a failure, a kill or a crash, the
 * migration goes on where it stopped, and what an interrupted statement left
 * behind (an INVALID index, a half-detached partition) is cleared away first.
 */
#ifndef RUNG_APPLY_PLAIN_H
#define RUNG_APPLY_PLAIN_H

#include "apply/passage.h"

/*
 * ERROR_PARTIAL when something of it stays done; the server's error when
 * nothing does. Either way the failure is in the log.
 */
MUST_USE bool plain_run(struct run *run, struct passage *passage, struct error *err);

#endif
