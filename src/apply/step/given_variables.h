/*
 * given_variables.h - what is recorded of the variables a file was given
 *
 * Values come from outside (--set, the environment) and may be secrets: of
 * each the record keeps its name and a digest, salted with number and name:
 * "tenant=3f2a...,pw=unset". That is enough to tell another value when a
 * stopped migration continues, or is rolled back. Who may read the history can
 * still guess a short value by trying.
 */
#ifndef RUNG_APPLY_STEP_GIVEN_VARIABLES_H
#define RUNG_APPLY_STEP_GIVEN_VARIABLES_H

#include "plan/plan.h"
#include "sql/script.h"

/* Of what `script` made use of; NULL when that is nothing. */
const char *given_variables_text(const struct script *script, int64_t version, struct arena *arena);

/*
 * Whether what `script` makes use of is what the step's record says. Nothing
 * to say for a step without a record, or one that is applied again.
 */
MUST_USE bool given_variables_check(const struct step *step, const struct script *script, struct error *err);

/* The names alone, for people; NULL for none. */
const char *given_variables_names(const char *text, struct arena *arena);

#endif
