/*
 * unset_variable.h - references to variables that nobody set
 *
 * psql leaves them as they are: a colon may be the server's own, as in
 * a[1:n] and json_object('a':b). Those that no SQL could mean are noted, so
 * that they are told of before anything runs.
 */
#ifndef RUNG_SQL_UNSET_VARIABLE_H
#define RUNG_SQL_UNSET_VARIABLE_H

#include "sql/reader.h"

/* `from` is where the reference begins in the reader's text. */
void unset_variable_note(const struct reader *reader, struct str reference, size_t from);

#endif
