/*
 * rename_place.h - which object a place in a statement is about
 *
 * Reads no grammar: the first words of the statement say what it makes, and
 * inside of its parentheses each item begins with its name.
 */
#ifndef RUNG_GENERATE_RENAME_PLACE_H
#define RUNG_GENERATE_RENAME_PLACE_H

#include "generate/rename_hint.h"

/*
 * Fills kind, schema, parent and name for the item that the token at `at` belongs to: the statement itself
 * where that is outside of its parentheses or `at` is where it starts. False where that is nothing with a
 * name.
 */
MUST_USE bool rename_place_find(struct str statement, size_t at, struct arena *arena,
                                struct rename_hint *out);

/* "app"."Customers" as it is kept: parts of a dotted name, at most `max`; the number of them, 0 for none. */
size_t rename_name_parse(struct str text, struct arena *arena, const char **parts, size_t max);

/* 'it''s' as it is kept; a text without quotes as it is. */
const char *rename_literal_parse(struct str text, struct arena *arena);

#endif
