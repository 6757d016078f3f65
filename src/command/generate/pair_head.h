/*
 * pair_head.h - what the head of a generated migration says
 *
 * A summary of what it adds, changes and removes; and, as directives, how it
 * has to run and what old clients lose.
 */
#ifndef RUNG_COMMAND_GENERATE_PAIR_HEAD_H
#define RUNG_COMMAND_GENERATE_PAIR_HEAD_H

#include "catalog/catalog_changes.h"
#include "command/generate/renaming.h"
#include "generate/change_script.h"

/* One step up. */
struct pair_change {
	const struct change_script *script;
	const struct catalog_changes *changes;
	const struct renaming *renaming; /* NULL: it renames nothing */
};

/* Directives of the migration, a line each; NULL for none. */
const char *pair_head_up(const struct pair_change *change, struct arena *arena);

/* Those of its rollback. */
const char *pair_head_down(const struct change_script *script, struct arena *arena);

/* Comments, a line each. */
const char *pair_head_summary(const struct pair_change *change, struct arena *arena);

#endif
