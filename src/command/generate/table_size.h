/*
 * table_size.h - how large tables are, for the comments above what rewrites or drops them
 *
 * As the server remembers it from its last VACUUM or ANALYZE: no table is
 * opened for it. Of one with partitions or children all of them count.
 */
#ifndef RUNG_COMMAND_GENERATE_TABLE_SIZE_H
#define RUNG_COMMAND_GENERATE_TABLE_SIZE_H

#include "generate/change_script.h"
#include "pg/session.h"

struct table_size {
	const char *identity; /* schema.table */
	const char *size;     /* "12 GB" */
};

struct table_sizes {
	struct table_size *items; /* by identity */
	size_t count;
};

/* Of those with rows. */
MUST_USE bool table_sizes_load(struct session *db, struct arena *arena, struct table_sizes *out,
                               struct error *err);

/* Tells the statements that touch them. */
void table_sizes_apply(const struct table_sizes *sizes, struct change_script *script);

#endif
