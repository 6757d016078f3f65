/*
 * inspection.h - looking into the files, statement by statement
 *
 * Loading a tree reads heads and checksums; this reads whole files the way
 * they will be run, so that what cannot work is known before anything runs.
 */
#ifndef RUNG_MIGRATION_INSPECTION_H
#define RUNG_MIGRATION_INSPECTION_H

#include "migration/tree.h"
#include "sql/script.h"

/*
 * Reads one migration, its rollback as well when it has one, and adds what is
 * wrong to the findings of `tree`: text that cannot be split, no statement at
 * all, directives out of place, transactions that cannot work (mode.h).
 */
void migration_inspect(struct tree *tree, const struct migration *migration,
                       const struct script_options *options, struct arena *arena);

/* All migrations, and whether 00_master_schema.sql is current (master.h). */
void tree_inspect(struct tree *tree, const struct script_options *options, struct arena *arena);

#endif
