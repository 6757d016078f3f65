/*
 * way_back.h - the rollback as the record keeps it
 *
 * Kept in the database for the day when the deployed image no longer holds
 * the file. What is too large to be a way back, or says nothing without other
 * files, is not kept.
 */
#ifndef RUNG_MIGRATION_WAY_BACK_H
#define RUNG_MIGRATION_WAY_BACK_H

#include "migration/tree.h"
#include "sql/shelf.h"

struct way_back {
	const char *sql; /* NULL when there is none to keep */
	const char *checksum;
};

/* Of the rollback that was looked into, where it lies on `shelf` (NULL for none); else as its file is now. */
MUST_USE bool way_back_load(const struct migration *migration, struct shelf *shelf, struct arena *arena,
                            struct way_back *out, struct error *err);

#endif
