/*
 * special.h - the variables that psql sets by itself
 *
 * psql knows some thirty from the start: its settings, what it knows of the
 * connection, its version, the outcome of the last statement. Those with a
 * sure value have it here too. Of the others it is known that they are set;
 * who asks for more is told why there is no answer.
 */
#ifndef RUNG_SQL_SPECIAL_H
#define RUNG_SQL_SPECIAL_H

#include "sql/psql_variable.h"

/* As it is when psql starts; NULL for a name that is none of them. For a variable_set. */
const struct variable *special_usual(struct str name);

/* What psql learns from a statement that succeeded; all others end the run. */
void special_note_statement(struct variable_set *set);

/*
 * Before a variable is set (NULL: unset): what psql makes of the value, in
 * *value. The result is why it cannot be set to it, or NULL: psql would refuse
 * it, or do something that rung does not.
 */
const char *special_check(struct arena *arena, const char *name, const char **value);

#endif
