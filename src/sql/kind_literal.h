/*
 * kind_literal.h - whether reading a literal can run code of the database
 *
 * The server turns a literal into a value of its type while it looks through
 * the statement, long before anything of that is evaluated. For a domain it
 * leaves checks for later; not so for one inside an array, a row, a range or
 * a multirange: these read what they hold as any value from outside. So a
 * default '{1}' of an array of a domain runs the domain's checks when the
 * table is made. What types there are in the database the text does not show,
 * but such values begin with a bracket.
 */
#ifndef RUNG_SQL_KIND_LITERAL_H
#define RUNG_SQL_KIND_LITERAL_H

#include <stdbool.h>

#include "sql/lexer.h"

/* Whether it has such a literal, or a variable that nobody has replaced; the lexer is at its start. */
bool statement_has_live_literal(struct lexer lexer);

#endif
