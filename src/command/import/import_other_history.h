/*
 * import_other_history.h - statements about the table the other tool keeps its history in
 *
 * A database that rung makes has no such table, so they would fail there:
 * those that change nothing else are commented out, others are a problem.
 */
#ifndef RUNG_COMMAND_IMPORT_IMPORT_OTHER_HISTORY_H
#define RUNG_COMMAND_IMPORT_IMPORT_OTHER_HISTORY_H

#include "command/import/import_project.h"
#include "sql/script.h"

/* Whether all the statement does is to change that table or the rows in it. */
bool import_keeps_books(const struct import *import, const struct statement *statement);

/*
 * The text with such statements commented out, line by line, so that the
 * others stay in their lines. Statements that need the table for something
 * else become problems. `count` (how many were) is added to.
 */
struct str import_without_books(struct import *import, const char *path, const struct script *script,
                                struct str text, size_t *count);

/* What the table is called, in messages. */
const char *import_other_history_name(const struct import *import);

#endif
