/*
 * listing.h - which files the directories hold, before any is opened
 */
#ifndef RUNG_MIGRATION_LISTING_H
#define RUNG_MIGRATION_LISTING_H

#include "migration/name.h"
#include "migration/tree.h"

/* A path to open and the same for people; one text where they do not differ. */
struct twofold_path {
	const char *real;
	const char *shown;
};

/* A file that is named like one of ours. */
struct entry {
	struct name name; /* looks into `file_name` */
	const char *file_name;
	struct twofold_path path;
	bool is_paired;
};

struct entries {
	struct entry *items; /* lowest number first, none twice */
	size_t count;
};

struct listing {
	struct twofold_path schema;
	struct twofold_path rollback;
	bool is_one_directory;
	struct entries ups;
	struct entries downs;
	struct twofold_path master; /* of the first file with number 0; NULL without one */
};

/*
 * Lists both directories. What is almost named like ours and numbers given
 * twice are findings of `tree`. Paths that a migration keeps are on `arena`,
 * the rest is on `scratch`.
 */
MUST_USE bool listing_read(const struct tree_options *options, struct tree *tree, struct arena *arena,
                           struct arena *scratch, struct listing *out, struct error *err);

/* NULL when no entry has that number. */
struct entry *entry_find(const struct entries *entries, int64_t number);

/* `file_name` in `directory`, on `arena`. */
struct twofold_path path_in(struct twofold_path directory, const char *file_name, struct arena *arena);

#endif
