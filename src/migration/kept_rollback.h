/*
 * kept_rollback.h - the rollback as the record keeps it
 *
 * Kept in the database for the day when the deployed image no longer holds
 * the file. What is too large for a rollback, or says nothing without other
 * files, is not kept.
 */
#ifndef RUNG_MIGRATION_KEPT_ROLLBACK_H
#define RUNG_MIGRATION_KEPT_ROLLBACK_H

#include "migration/tree.h"
#include "sql/file_cache.h"

struct kept_rollback {
	const char *sql; /* NULL when there is none to keep */
	const char *checksum;
};

/* Of the rollback that was looked into, where it lies in `cache` (NULL for none); else as its file is now. */
MUST_USE bool rollback_to_keep_load(const struct migration *migration, struct file_cache *cache,
                                    struct arena *arena, struct kept_rollback *out, struct error *err);

#endif
