/*
 * blame.h - where in which file the trouble is
 */
#ifndef RUNG_APPLY_BLAME_H
#define RUNG_APPLY_BLAME_H

#include "pg/session.h"
#include "sql/script.h"

/*
 * Puts what the server just said about a statement at its place: where it saw
 * the trouble, the line of inline data it could not copy, or the statement's
 * beginning. A lost connection and being asked to stop have no place.
 */
bool statement_blame(const struct session *db, const struct statement *statement, struct error *err);

#endif
