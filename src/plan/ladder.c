#include "plan/ladder.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static void merge(const struct tree *tree, const struct history *history, struct arena *arena,
                  struct ladder *ladder)
{
	size_t file = 0;
	size_t row = 0;

	while (file < tree->count || row < history->count) {
		const struct migration *migration = file < tree->count ? &tree->migrations[file] : NULL;
		const struct record *record = row < history->count ? &history->records[row] : NULL;

		if (migration && record && migration->number < record->version)
			record = NULL;
		else if (migration && record && migration->number > record->version)
			migration = NULL;
		assert(migration || record);
		file += migration != NULL;
		row += record != NULL;
		*ARENA_PUSH(arena, ladder->rungs, ladder->count) = (struct rung){
		    .number = migration ? migration->number : record->version,
		    .migration = migration,
		    .record = record,
		};
	}
}

const char *rung_name(const struct rung *rung, struct arena *arena)
{
	if (rung->migration)
		return rung->migration->name;
	if (rung->record->name)
		return rung->record->name;
	return arena_printf(arena, "%02" PRId64, rung->number);
}

/* Stands in for a file that is gone: nothing is known of it but its number. */
static struct migration stand_in(const struct rung *rung, struct arena *arena)
{
	return (struct migration){
	    .number = rung->number,
	    .name = rung_name(rung, arena),
	    .directives = DIRECTIVES_NONE,
	};
}

static void build_graph(const struct tree *tree, struct arena *arena, struct ladder *ladder)
{
	if (ladder->count == tree->count) {
		graph_build(tree->migrations, tree->count, arena, &ladder->graph);
		return;
	}
	struct migration *all = arena_array(arena, struct migration, ladder->count);
	for (size_t i = 0; i < ladder->count; i++)
		all[i] =
		    ladder->rungs[i].migration ? *ladder->rungs[i].migration : stand_in(&ladder->rungs[i], arena);
	graph_build(all, ladder->count, arena, &ladder->graph);
}

void ladder_build(const struct tree *tree, const struct history *history, struct arena *arena,
                  struct ladder *out)
{
	struct ladder ladder = {0};

	merge(tree, history, arena, &ladder);
	build_graph(tree, arena, &ladder);
	ladder.applied = arena_array(arena, bool, ladder.count);
	for (size_t i = 0; i < ladder.count; i++)
		ladder.applied[i] = ladder.rungs[i].record != NULL;
	ladder.below = graph_below(&ladder.graph, ladder.applied, arena);
	*out = ladder;
}

const char *ladder_newest_name(const struct ladder *ladder, struct arena *arena)
{
	for (size_t i = ladder->count; i-- > 0;)
		if (ladder->applied[i] && !ladder->graph.migrations[i].directives.order_last)
			return rung_name(&ladder->rungs[i], arena);
	return NULL;
}

bool rung_is_edited(const struct rung *rung)
{
	return rung->migration && rung->record && rung->record->checksum &&
	       strcmp(rung->record->checksum, rung->migration->checksum) != 0;
}

/* "6_cache" and "06_cache" are one name: widths change when numbers outgrow them. */
static const char *after_digits(const char *name)
{
	while (char_is_digit(*name))
		name++;
	return name;
}

static bool rung_is_renamed(const struct rung *rung)
{
	return rung->migration && rung->record && rung->record->name &&
	       strcmp(after_digits(rung->record->name), after_digits(rung->migration->name)) != 0;
}

bool rung_is_other_file(const struct rung *rung)
{
	return rung_is_renamed(rung) && (!rung->record->checksum || rung_is_edited(rung));
}

bool rung_prefers_kept_rollback(const struct rung *rung)
{
	if (rung_is_other_file(rung))
		return true;
	return rung->record->has_rollback && rung->record->state == RECORD_APPLIED && rung_is_edited(rung) &&
	       !rung->migration->directives.irreversible;
}

static bool may_run_again(const struct rung *rung, const struct plan_options *options)
{
	const enum on_change said = rung->migration->directives.on_change;

	return (said == ON_CHANGE_UNSET ? options->on_change : said) == ON_CHANGE_REAPPLY;
}

bool ladder_difference(const struct ladder *ladder, size_t i, const struct plan_options *options,
                       enum difference_kind *out)
{
	const struct rung *rung = &ladder->rungs[i];

	if (!rung->record)
		*out = ladder->below[i] ? DIFFERENCE_OUT_OF_ORDER : DIFFERENCE_PENDING;
	else if (!rung->migration)
		*out = DIFFERENCE_MISSING;
	else if (rung_is_other_file(rung))
		*out = DIFFERENCE_RENAMED;
	else if (rung->record->state == RECORD_PARTIAL)
		*out = DIFFERENCE_PARTIAL;
	else if (rung->record->state == RECORD_UNWINDING)
		*out = DIFFERENCE_UNWINDING;
	else if (rung_is_renamed(rung))
		*out = DIFFERENCE_RENAMED;
	else if (rung_is_edited(rung))
		*out = may_run_again(rung, options) ? DIFFERENCE_REAPPLICABLE : DIFFERENCE_EDITED;
	else
		return false;
	return true;
}
