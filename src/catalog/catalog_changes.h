/*
 * catalog_changes.h - what differs between two catalogs, object by object
 *
 * Objects are the same where kind and identity are; a renamed one is removed
 * and added. Facts are told by name: an attribute's, or "definition", "owner",
 * "grants", "comment", "labels".
 *
 *	struct catalog_changes changes;
 *
 *	catalog_compare(&before, &after, PARTS_USUAL, arena, &changes);
 *	if (changes.count == 0)
 *		...; // both have the same fingerprint of these parts
 */
#ifndef RUNG_CATALOG_CATALOG_CHANGES_H
#define RUNG_CATALOG_CATALOG_CHANGES_H

#include "catalog/catalog.h"
#include "catalog/fingerprint.h"

struct fact_change {
	const char *name;
	const char *before; /* NULL: not set; of grants and labels a list for people */
	const char *after;
};

struct object_change {
	const struct object *before; /* NULL: added */
	const struct object *after;  /* NULL: removed */
	struct fact_change *facts;   /* of an object on both sides; sorted by name within attributes */
	size_t fact_count;
};

struct catalog_changes {
	struct object_change *items; /* in canonical order */
	size_t count;
};

/* `parts` as for a fingerprint: without a change the fingerprints of the same parts are equal, and with one
 * they are not. The current role's name counts as "@self" on each side. */
void catalog_compare(const struct catalog *before, const struct catalog *after, int parts,
                     struct arena *arena, struct catalog_changes *out);

/* NULL when that fact did not change. */
const struct fact_change *object_change_fact(const struct object_change *change, const char *name);

/* The object on the side where it is: what it is like afterwards, when on both. */
const struct object *object_change_object(const struct object_change *change);

/* "a=SELECT, UPDATE*; PUBLIC=USAGE", "nobody" where nothing is granted, NULL for what such an object has by
 * default. */
const char *object_grants_text(const struct object *object, struct arena *arena);

#endif
