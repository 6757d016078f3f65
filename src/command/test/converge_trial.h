/*
 * converge_trial.h - whether files that converge lead where they lead on a new database
 *
 * A database is made by the files as they were in git before their last change,
 * and upgraded with those of now: edited files converge. Afterwards it has to be
 * what all files make on a new one.
 */
#ifndef RUNG_COMMAND_TEST_CONVERGE_TRIAL_H
#define RUNG_COMMAND_TEST_CONVERGE_TRIAL_H

#include "command/test/judge.h"

/* Nothing where no file converges; without an earlier version that is said in a note. */
MUST_USE bool converge_trial(struct judge *judge, struct error *err);

#endif
