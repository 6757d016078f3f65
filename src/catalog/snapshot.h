/*
 * snapshot.h - what a database's schema is, to be compared
 *
 * A narrow door: what a snapshot is made of stays behind it. For now it is
 * the text of pg_dump --schema-only, cut into statements; a reader of the
 * catalogs will take its place.
 *
 * Two snapshots compare well when they were made by the same pg_dump, that
 * is, in the same run.
 */
#ifndef RUNG_CATALOG_SNAPSHOT_H
#define RUNG_CATALOG_SNAPSHOT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "pg/query.h"

struct snapshot {
	struct str *parts; /* sorted; for catalog_... only */
	size_t count;
};

struct snapshot_options {
	const char *conninfo;
	const struct qualified_name *history; /* its tables are ours and left out; NULL for none */
	const char *program; /* the pg_dump to run, from catalog_find_program(); NULL: looked for each time */
	const char *bindir;  /* where pg_dump is; NULL: look in the usual places */
	int server_major;    /* pg_dump must be as new as the server */
};

/* For who takes many snapshots: to find a pg_dump takes as long as to run it. */
MUST_USE bool catalog_find_program(const struct snapshot_options *options, struct arena *arena,
                                   const char **out, struct error *err);

MUST_USE bool catalog_snapshot(const struct snapshot_options *options, struct arena *arena,
                               struct snapshot *out, struct error *err);

bool catalog_equal(const struct snapshot *before, const struct snapshot *after);

/* Whether they differ in nothing but the order of a table's columns, as one dropped and added again leaves
 * it. */
bool catalog_is_reordered(const struct snapshot *before, const struct snapshot *after);

/*
 * What leads from one to the other, for people: lines with "-" are only in
 * `before`, lines with "+" only in `after`. "" when they are equal.
 */
char *catalog_difference(const struct snapshot *before, const struct snapshot *after, struct arena *arena);

/* The same for text as pg_dump writes it. */
MUST_USE bool catalog_read(struct str dump, struct arena *arena, struct snapshot *out, struct error *err);

#endif
