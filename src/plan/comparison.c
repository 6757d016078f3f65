/*
 * Files and history are both sorted by number, so one pass puts them side by side. From then on an index
 * means the same in the entries, in the graph and in the lists of claims; all of plan/ depends on it.
 *
 * What only the history knows gets a stand-in on the trunk, without directives: a file that is gone says
 * nothing any more, and what was on a branch then counts as on the trunk.
 *
 * Whether a file is another one or the same with another name is decided by its text. Where the name
 * differs and the checksum too, or none is known, another file took the number, and its rollback must not
 * be run for what was applied. Where only the name differs, it was renamed. Digits in front do not count as
 * a name. A row that has neither name nor checksum agrees with anything.
 *
 * The order of the questions in comparison_difference() is the order of what matters more: a half-done
 * migration whose file was edited is half-done, as resuming compares its statements one by one.
 */
#include "plan/comparison.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "migration/name.h"

static void merge(const struct tree *tree, const struct history *history, struct arena *arena,
                  struct comparison *comparison)
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
		*ARENA_PUSH(arena, comparison->entries, comparison->count) = (struct comparison_entry){
		    .number = migration ? migration->number : record->version,
		    .migration = migration,
		    .record = record,
		};
	}
}

const char *entry_name(const struct comparison_entry *entry, struct arena *arena)
{
	if (entry->migration)
		return entry->migration->name;
	if (entry->record->name)
		return entry->record->name;
	return arena_printf(arena, "%02" PRId64, entry->number);
}

/* Stands in for a file that is gone: nothing is known of it but its number. */
static struct migration stand_in(const struct comparison_entry *entry, struct arena *arena)
{
	return (struct migration){
	    .number = entry->number,
	    .name = entry_name(entry, arena),
	    .directives = DIRECTIVES_NONE,
	};
}

static void build_graph(const struct tree *tree, struct arena *arena, struct comparison *comparison)
{
	if (comparison->count == tree->count) {
		graph_build(tree->migrations, tree->count, arena, &comparison->graph);
		return;
	}
	struct migration *all = arena_array(arena, struct migration, comparison->count);
	for (size_t i = 0; i < comparison->count; i++)
		all[i] = comparison->entries[i].migration ? *comparison->entries[i].migration
		                                          : stand_in(&comparison->entries[i], arena);
	graph_build(all, comparison->count, arena, &comparison->graph);
}

void comparison_build(const struct tree *tree, const struct history *history, struct arena *arena,
                      struct comparison *out)
{
	struct comparison comparison = {0};

	foldings_find(tree, history, arena, &comparison.foldings);
	for (size_t i = 0; i < history->count; i++)
		comparison.has_squash |= name_is_squash(history->records[i].name, &(int64_t){0});
	const struct history folded = folded_history(history, &comparison.foldings, arena);
	merge(tree, &folded, arena, &comparison);
	build_graph(tree, arena, &comparison);
	comparison.applied = arena_array(arena, bool, comparison.count);
	for (size_t i = 0; i < comparison.count; i++)
		comparison.applied[i] = comparison.entries[i].record != NULL;
	comparison.below = graph_below(&comparison.graph, comparison.applied, arena);
	*out = comparison;
}

const char *comparison_newest_name(const struct comparison *comparison, struct arena *arena)
{
	for (size_t i = comparison->count; i-- > 0;)
		if (comparison->applied[i] && !comparison->graph.migrations[i].directives.order_last)
			return entry_name(&comparison->entries[i], arena);
	return NULL;
}

bool entry_is_edited(const struct comparison_entry *entry)
{
	return entry->migration && entry->record && entry->record->checksum &&
	       strcmp(entry->record->checksum, entry->migration->checksum) != 0;
}

/* "6_cache" and "06_cache" are one name: widths change when numbers outgrow them. */
static const char *after_digits(const char *name)
{
	while (char_is_digit(*name))
		name++;
	return name;
}

static bool entry_is_renamed(const struct comparison_entry *entry)
{
	return entry->migration && entry->record && entry->record->name &&
	       strcmp(after_digits(entry->record->name), after_digits(entry->migration->name)) != 0;
}

bool entry_is_other_file(const struct comparison_entry *entry)
{
	return entry_is_renamed(entry) && (!entry->record->checksum || entry_is_edited(entry));
}

bool entry_prefers_kept_rollback(const struct comparison_entry *entry)
{
	if (entry_is_other_file(entry))
		return true;
	return entry->record->has_rollback && entry->record->state == RECORD_APPLIED && entry_is_edited(entry) &&
	       !entry->migration->directives.irreversible;
}

static bool may_run_again(const struct comparison_entry *entry, const struct plan_options *options)
{
	return directives_on_change(&entry->migration->directives, options->on_change) != ON_CHANGE_ERROR;
}

const struct folding *comparison_folding(const struct comparison *comparison, size_t i)
{
	const struct comparison_entry *entry = &comparison->entries[i];

	for (size_t j = 0; j < comparison->foldings.count; j++) {
		const struct folding *folding = &comparison->foldings.items[j];

		if (entry->number == folding->migration->number ||
		    (folding->trouble && entry->record && migration_replaces(folding->migration, entry->number)))
			return folding;
	}
	return NULL;
}

const struct record *comparison_squashed_into(const struct comparison *comparison, size_t i)
{
	const struct comparison_entry *entry = &comparison->entries[i];

	for (size_t j = i; comparison->has_squash && entry->migration && j < comparison->count; j++) {
		const struct comparison_entry *above = &comparison->entries[j];
		int64_t from;

		if (above->record && name_is_squash(above->record->name, &from) && from <= entry->number &&
		    (!above->migration || !name_is_squash(above->migration->name, &from)))
			return above->record;
	}
	return NULL;
}

static bool folding_difference(const struct comparison *comparison, size_t i, enum difference_kind *out)
{
	const struct folding *folding = comparison->foldings.count ? comparison_folding(comparison, i) : NULL;

	if (folding)
		*out = folding->trouble ? DIFFERENCE_UNFOLDABLE : DIFFERENCE_FOLDABLE;
	else if (comparison_squashed_into(comparison, i))
		*out = DIFFERENCE_SQUASHED;
	else
		return false;
	return true;
}

bool comparison_tells(const struct comparison *comparison, size_t i, enum difference_kind kind)
{
	const struct comparison_entry *entry = &comparison->entries[i];

	if (kind == DIFFERENCE_SQUASHED)
		return entry->record;
	return kind != DIFFERENCE_UNFOLDABLE ||
	       entry->number == comparison_folding(comparison, i)->migration->number;
}

bool comparison_difference(const struct comparison *comparison, size_t i, const struct plan_options *options,
                           enum difference_kind *out)
{
	const struct comparison_entry *entry = &comparison->entries[i];

	if (folding_difference(comparison, i, out))
		return true;
	if (!entry->record)
		*out = comparison->below[i] ? DIFFERENCE_OUT_OF_ORDER : DIFFERENCE_PENDING;
	else if (!entry->migration)
		*out = DIFFERENCE_MISSING;
	else if (entry_is_other_file(entry))
		*out = DIFFERENCE_RENAMED;
	else if (entry->record->state == RECORD_PARTIAL)
		*out = DIFFERENCE_PARTIAL;
	else if (entry->record->state == RECORD_UNWINDING)
		*out = DIFFERENCE_UNWINDING;
	else if (entry_is_renamed(entry))
		*out = DIFFERENCE_RENAMED;
	else if (entry_is_edited(entry))
		*out = may_run_again(entry, options) ? DIFFERENCE_REAPPLICABLE : DIFFERENCE_EDITED;
	else
		return false;
	return true;
}
