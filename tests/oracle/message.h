/*
 * message.h - one form for what psql sends and what we would send
 *
 * Two texts are the same statement when they differ in nothing but: comments
 * before it, space and semicolons at its end or around semicolons in it, and
 * empty lines, which psql drops. For \copy, whose text psql puts together
 * anew, space does not count at all.
 */
#ifndef RUNG_TEST_ORACLE_MESSAGE_H
#define RUNG_TEST_ORACLE_MESSAGE_H

#include "base/str.h"

/* "Q 8", then the text on lines of its own; nothing for an empty statement. */
void message_print_query(struct str text);

/* "D 4" in the same way, without the "\." line. */
void message_print_data(struct str data);

#endif
