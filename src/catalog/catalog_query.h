/*
 * catalog_query.h - what is asked of the catalogs
 *
 * One query for a kind, or for a few that one catalog holds. Its columns name
 * what they are: some have a place of their own in struct object, all others
 * are attributes of that name:
 *
 *	oid, sub, class where it is in which catalog; sub is 0 when missing, class the kind's
 *	kind            of the object, where the query has several
 *	schema          the number of its schema
 *	name, tail      name as SQL has it; tail follows it in the identity: "(integer)"
 *	parent, parent_sub, parent_class
 *	owner, definition
 *
 * Null, false and '' are how it is by default, and no attribute.
 *
 * A line that ends in "-- since 14" is for servers of that major version and
 * later, one with "-- before 17" for those before it.
 */
#ifndef RUNG_CATALOG_CATALOG_QUERY_H
#define RUNG_CATALOG_CATALOG_QUERY_H

#include "base/arena.h"
#include "catalog/object_kind.h"

struct catalog_query {
	const char *sql;
	enum object_kind_number kind; /* of its rows, unless they say which */
	int since;                    /* asked from this major version on */
};

extern const struct catalog_query catalog_queries[];
extern const size_t catalog_query_count;

/* The lines of `sql` that are for this major version. */
const char *sql_of_version(struct arena *arena, const char *sql, int major);

#endif
