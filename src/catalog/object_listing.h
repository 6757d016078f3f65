/*
 * object_listing.h - the list of a database's objects, without holding them
 *
 * Byte for byte what object_list_make() makes of a catalog_load(), in a tenth
 * of the memory: each object is digested as its row arrives and then forgotten.
 * What depends on what, and whether something is unmodelled, is not known here.
 */
#ifndef RUNG_CATALOG_OBJECT_LISTING_H
#define RUNG_CATALOG_OBJECT_LISTING_H

#include "catalog/object_list.h"

struct object_listed_database {
	struct object_list list;
	const char *self; /* the role that looked, which is "@self" in the list */
	int server_version;
};

/* As catalog_load(); of the options `is_prepared` and `map` do not apply. */
MUST_USE bool object_listing_read(struct session *db, const struct catalog_options *options, int parts,
                                  struct arena *arena, struct object_listed_database *out, struct error *err);

#endif
