/*
 * master.h - 00_master_schema.sql, which applies everything by hand
 *
 * For psql and people: one "\ir NN_name.sql" a migration, in numeric order,
 * those of "order: last" after all others. It is never run by us, only checked and kept current.
 */
#ifndef RUNG_MIGRATION_MASTER_H
#define RUNG_MIGRATION_MASTER_H

#include "migration/tree.h"

/*
 * Adds FINDING_MASTER_OUTDATED when the file does not include every migration
 * once and in order; a tree without such a file has nothing to be outdated.
 */
void master_inspect(struct tree *tree, struct arena *arena);

/*
 * The file's text with a line for a new migration, `file_name` being
 * "07_prefs.sql": below the last one with a lower number that does not run last
 * in `tree`, written in the same manner. Unchanged when it is there already.
 */
struct str master_with(struct str text, const char *file_name, const struct tree *tree, struct arena *arena);

/* The file's text without the lines that include `file_name`. */
struct str master_without(struct str text, const char *file_name, struct arena *arena);

#endif
