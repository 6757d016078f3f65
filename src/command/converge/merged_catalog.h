/*
 * merged_catalog.h - the database as it will be when some files have converged
 *
 * All that those files make is as they make it, all else as the database has
 * it. So what differs from the database is what these files cause: an index
 * that somebody made beside them on another table, a function that was changed
 * by hand, owners and privileges stay.
 *
 * What the database has on a table (or type, view ...) that such a file makes,
 * and no file has any more, goes: a column, a constraint, an index. A table that
 * no file makes any more stays: nobody knows that a file made it.
 */
#ifndef RUNG_COMMAND_CONVERGE_MERGED_CATALOG_H
#define RUNG_COMMAND_CONVERGE_MERGED_CATALOG_H

#include "command/converge/built_files.h"

struct merging {
	const struct catalog *live;
	struct catalog *built; /* what all files make; what is not of these files is changed to what is live */
	const struct catalog *made;    /* objects of it that these files make or change */
	const struct catalog *added;   /* those of `made` that were not there before them */
	const char *const *left_alone; /* patterns (object_pattern.h) of what stays; or NULL */
	struct arena *arena;
};

/* Points into both catalogs, which are to be there as long as it. */
void merged_catalog_make(const struct merging *merging, struct catalog *out);

/* What is left of `catalog` of objects that these files decide about. */
void merged_catalog_decided(const struct merging *merging, const struct catalog *catalog,
                            struct catalog *out);

#endif
