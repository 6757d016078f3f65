/*
 * error_position.h - where in which file the trouble is
 */
#ifndef RUNG_APPLY_STEP_ERROR_POSITION_H
#define RUNG_APPLY_STEP_ERROR_POSITION_H

#include "apply/run.h"
#include "pg/query.h"
#include "sql/script.h"

/*
 * Puts what the server just said about a statement at its place: where it saw
 * the trouble, the line of inline data it could not copy, or the statement's
 * beginning. A lost connection and being asked to stop have no place.
 */
bool statement_locate_error(const struct run *run, const struct step *step, const struct statement *statement,
                            struct error *err);

/* Whether it drops or alters something and names the history or its schema. */
bool history_is_touched(const struct qualified_name *history, const struct statement *statement);

/*
 * What the server said of a query of ours that writes the history, after `name` has run: that its tables are
 * gone or changed is put in words, at the place of `culprit`, the statement that did it (NULL or no place:
 * adds none).
 */
bool history_explain_error(const struct qualified_name *history, const struct error *culprit,
                           const char *name, struct error *err);

#endif
