/*
 * For --sql FROM:TO, which is written where no database can be reached: what would be applied there is
 * assumed from the files. A relative place has no meaning in such a range, as it counts from where a
 * database is.
 *
 * Records are made as if each file had been applied as it is now. There is no other version of it to be
 * had.
 */
#include "plan/target.h"

static bool select_applied(const struct comparison *comparison, const char *text, struct arena *arena,
                           const bool **out, struct error *err)
{
	bool *claims = arena_array(arena, bool, comparison->count);
	struct target target;

	if (!target_read(text, comparison, arena, &target, err))
		return false;
	for (size_t i = 0; i < comparison->count; i++)
		claims[i] = target.kind == TARGET_HEAD || target.kind == TARGET_HEADS;
	if (target.kind == TARGET_MIGRATION)
		claims = graph_ancestors(&comparison->graph, target.entry, arena);
	*out = claims;
	if (target.kind != TARGET_UP_BY && target.kind != TARGET_DOWN_BY)
		return true;
	error_set(err, ERROR_USAGE, "a range cannot begin at \"%s\"", text);
	return error_hint(err, "It begins at base, at head or at a migration, as in base:head or 03:07.");
}

static struct record as_applied(const struct migration *migration)
{
	return (struct record){
	    .version = migration->number,
	    .description = migration->description,
	    .name = migration->name,
	    .checksum = migration->checksum,
	    .duration_ms = -1,
	};
}

bool plan_assume(const struct tree *tree, const char *target, struct arena *arena, struct history *out,
                 struct error *err)
{
	const struct history nothing = {0};
	struct history history = {0};
	struct comparison comparison;
	const bool *is_applied;

	comparison_build(tree, &nothing, arena, &comparison);
	if (!select_applied(&comparison, target, arena, &is_applied, err))
		return false;
	for (size_t i = 0; i < comparison.count; i++)
		if (is_applied[i])
			*ARENA_PUSH(arena, history.records, history.count) = as_applied(comparison.entries[i].migration);
	history.exists = history.count > 0;
	*out = history;
	return true;
}
