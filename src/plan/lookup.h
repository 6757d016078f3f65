/*
 * lookup.h - which migration a text names
 *
 * The same everywhere a migration is named. What fits first counts:
 *
 *	06_cache        its name, with or without number, directory and ".sql"
 *	6, 06, 06_ca    its number, with as much of its name as one likes
 *	b2c3d4e5        the id it had in the tool it was imported from (old-id)
 *	cach            a part of name or id, three characters or more
 *
 * A text that begins with a digit is no part from the middle of a name, so
 * that "2_users" never means 12_users; digits alone are the beginning of a
 * longer number, six of them or more. Only ids and parts are found in any case. What fits several migrations
 * is refused with their names, what fits none with what it might have meant.
 */
#ifndef RUNG_PLAN_LOOKUP_H
#define RUNG_PLAN_LOOKUP_H

#include "plan/comparison.h"

/* What one migration is called. */
struct called {
	int64_t number;
	const char *name;   /* "06_cache" */
	const char *old_id; /* NULL for none */
};

/* `*out` is an index of `called`; numbers may be there twice. */
MUST_USE bool lookup_name(const char *text, const struct called *called, size_t count, struct arena *arena,
                          size_t *out, struct error *err);

/* `*out` is an index of the comparison. */
MUST_USE bool lookup_entry(const char *text, const struct comparison *comparison, struct arena *arena,
                           size_t *out, struct error *err);

/* The same among the files alone. */
MUST_USE bool lookup_migration(const char *text, const struct tree *tree, struct arena *arena,
                               const struct migration **out, struct error *err);

#endif
