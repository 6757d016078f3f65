/*
 * nontransactional.h - migrations that no transaction can hold
 *
 * Run statement by statement. An ordinary statement is committed together
 * with its row in the journal; one that refuses transactions is journaled
 * before and after. Run again after a failure, a kill or a crash, the
 * migration continues where it stopped, and what an interrupted statement left
 * behind (an INVALID index, a half-detached partition) is cleared away first.
 */
#ifndef RUNG_APPLY_NONTRANSACTIONAL_NONTRANSACTIONAL_H
#define RUNG_APPLY_NONTRANSACTIONAL_NONTRANSACTIONAL_H

#include "apply/step/step_script.h"

/*
 * ERROR_PARTIAL when something of it stays done; the server's error when
 * nothing does. Either way the failure is in the log.
 */
MUST_USE bool nontransactional_run(struct run *run, struct step_script *step_script, struct error *err);

#endif
