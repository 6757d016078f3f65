/*
 * import_whole.h - whether the input of an import is whole
 *
 * A script whose writer died half-way, a copy that stopped: recorded as
 * applied, the rest of it would be lost for good. So every reader says what
 * its tool puts at the end and does not find (import_doubt), and here is what
 * holds for all: a file holds something, its last statement is finished, its
 * transactions are closed, and it is what git last committed.
 *
 * A doubt counts as a problem unless --assume-complete is given, or the other
 * tool's history has the checksum of the very file.
 */
#ifndef RUNG_COMMAND_IMPORT_IMPORT_WHOLE_H
#define RUNG_COMMAND_IMPORT_IMPORT_WHOLE_H

#include "command/import/import_project.h"
#include "sql/script.h"

/* As import_problem(). */
void import_doubt(struct import *import, const char *path, size_t line, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* Whether further text would begin a statement of its own. */
bool import_is_finished(struct str text);

/* Doubts an end in the middle of a statement, refuses a transaction that never ends; `script` is `text`. */
void import_check_end(struct import *import, const char *path, struct str text, const struct script *script);

/*
 * Doubts what was read and differs from what git has. Without git, or where it
 * has no repository, nothing is said.
 */
MUST_USE bool import_compare_with_git(struct import *import, struct error *err);

/* The problems that count. */
size_t import_problem_count(const struct import *import, size_t *doubts);
bool import_problem_counts(const struct import *import, const struct import_problem *problem);

#endif
