/*
 * schema_difference.h - whether two states of a database are the same schema
 */
#ifndef RUNG_COMMAND_TEST_SCHEMA_DIFFERENCE_H
#define RUNG_COMMAND_TEST_SCHEMA_DIFFERENCE_H

#include "catalog/catalog.h"

enum schema_difference {
	SCHEMA_SAME,
	SCHEMA_REORDERED, /* the same columns in another order, as one that is dropped and added again comes last
	                   */
	SCHEMA_DIFFERS,
};

enum schema_difference schema_compare(const struct catalog *before, const struct catalog *after);

/* Whether an object of a kind that rung does not know is in the catalog; of those only names are compared. */
bool schema_has_unknown(const struct catalog *catalog, const char *name);

/* What differs, a few lines an object; "" where nothing does. */
const char *schema_difference_text(const struct catalog *before, const struct catalog *after,
                                   struct arena *arena);

#endif
