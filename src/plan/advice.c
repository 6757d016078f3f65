/*
 * One text for one situation, wherever it is met: anyone who reads a refusal of upgrade finds the same words
 * in check and status. The switch has no default, so that a new kind of difference does not come without
 * advice.
 *
 * Ways out are given in order of safety, and what makes the record say something about the database that
 * nobody has checked (repair, forget) comes last and with what it does not do. A way is only named when it
 * is open: running an edited file again takes a rollback and that nothing applied builds on it.
 * scripts/check_advice.sh looks for a test of each command.
 */
#include "plan/advice.h"

#include <inttypes.h>

#include "migration/name.h"

static bool has_rollback_to_run(const struct comparison_entry *entry)
{
	if (!entry->migration || entry_prefers_kept_rollback(entry))
		return entry->record->has_rollback;
	return !entry->migration->directives.irreversible &&
	       (entry->record->has_rollback || entry->migration->has_rollback);
}

/* All of `members` that is applied has a rollback; what runs last may stay. */
static bool can_come_down(const struct comparison *comparison, const bool *members)
{
	for (size_t i = 0; i < comparison->count; i++)
		if (members[i] && comparison->applied[i] && comparison->entries[i].record &&
		    !comparison->graph.migrations[i].directives.order_last &&
		    !has_rollback_to_run(&comparison->entries[i]))
			return false;
	return true;
}

/* The target that takes `i` back and no more than builds on it; NULL where it takes several. */
static const char *target_below(const struct comparison *comparison, size_t i, struct arena *arena,
                                const bool **rolled_back)
{
	const struct graph *graph = &comparison->graph;
	const size_t parent_count = graph->parent_at[i + 1] - graph->parent_at[i];

	if (parent_count > 1)
		return NULL;
	if (parent_count == 0) {
		*rolled_back = comparison->applied;
		return "base";
	}
	const size_t parent = graph->parents[graph->parent_at[i]];
	bool *claims = graph_descendants(graph, parent, arena);

	claims[parent] = false;
	*rolled_back = claims;
	return comparison->applied[parent] ? arena_printf(arena, "%" PRId64, comparison->entries[parent].number)
	                                   : NULL;
}

/*
 * The command that takes `entry` back, and with it what was applied on top of it; NULL where there is none.
 * `is_newest`: it takes back this one alone.
 */
static const char *way_down(const struct comparison_entry *entry, const struct comparison *comparison,
                            struct arena *arena, bool *is_newest)
{
	size_t *heads;
	const bool *rolled_back;

	*is_newest = false;
	if (!comparison || graph_heads(&comparison->graph, comparison->applied, arena, &heads) != 1)
		return NULL;
	const size_t i = (size_t)(entry - comparison->entries);

	*is_newest = heads[0] == i;
	if (*is_newest)
		return has_rollback_to_run(entry) ? "rung downgrade" : NULL;
	const char *target = target_below(comparison, i, arena, &rolled_back);

	return target && can_come_down(comparison, rolled_back) ? arena_printf(arena, "rung downgrade %s", target)
	                                                        : NULL;
}

/*
 * What people do all day comes first: write on at the newest file of a
 * database of their own. Accepting a file comes last: it makes the record say
 * what nobody has checked in the database.
 */
static struct advice on_edited(const struct comparison_entry *entry, const struct comparison *comparison,
                               struct arena *arena)
{
	const char *path = entry->migration->shown_path;
	bool is_newest;
	const char *down = way_down(entry, comparison, arena, &is_newest);
	const char *again =
	    down ? arena_printf(arena,
	                        "In development, run it again%s: \"%s\" (with the rollback%s %s), then "
	                        "\"rung upgrade\". In production, restore ",
	                        is_newest ? "" : " with what came after it", down, is_newest ? "" : "s",
	                        entry->record->has_rollback ? "kept of what ran"
	                        : is_newest                 ? "as it is now"
	                                                    : "as they are now")
	         : "Restore ";

	return (struct advice){
	    .text = "was changed after it was applied",
	    .hint = arena_printf(
	        arena,
	        "%sthe file as it was applied and write the change into a new migration. A file that may run "
	        "again when it changes says so at its top: \"-- rung: on-change: reapply\". If the change makes "
	        "no difference to the database (a comment), accept it with \"rung repair %" PRId64
	        "\", which runs nothing.",
	        again, entry->number),
	    .next = arena_printf(arena, down ? "restore %s, or run it again" : "restore %s", path),
	};
}

/* Written by hand, or by a script that ran the orchestrator, 00_master_schema.sql. */
static struct advice on_impossible(const struct comparison_entry *entry, struct arena *arena)
{
	return (struct advice){
	    .text = "is in the history, but no migration can have that number",
	    .hint = arena_printf(arena,
	                         "Numbers begin at 1. Remove the record with \"rung repair --forget -- %" PRId64
	                         "\"; nothing is run by that.",
	                         entry->number),
	};
}

static struct advice on_missing(const struct comparison_entry *entry, const struct comparison *comparison,
                                struct arena *arena)
{
	bool is_newest;

	if (entry->number < 1)
		return on_impossible(entry, arena);
	const char *down = way_down(entry, comparison, arena, &is_newest);

	if (!comparison && entry->record->has_rollback)
		down = "rung downgrade";
	const char *kept_rollback =
	    down
	        ? arena_printf(arena, "go down below it with \"%s\" (its rollback is kept in the database)", down)
	        : "deploy the version that has it";

	return (struct advice){
	    .text = "is applied, but its file is missing",
	    .hint = arena_printf(arena,
	                         "Restore the file from version control, or %s. Only if it is lost for good, "
	                         "remove its record with \"rung repair %" PRId64 " --forget\".",
	                         kept_rollback, entry->number),
	    .next = "restore the file",
	};
}

static struct advice on_renamed(const struct comparison_entry *entry, const struct comparison *comparison,
                                struct arena *arena)
{
	const char *former = entry->record->name;
	bool is_newest;
	const char *down = way_down(entry, comparison, arena, &is_newest);

	if (!entry_is_other_file(entry))
		return (struct advice){
		    .text = arena_printf(arena, "was applied as \"%s\"", former),
		    .hint = arena_printf(
		        arena,
		        "Give the file its old name back, or accept the new one with \"rung repair %" PRId64 "\".",
		        entry->number),
		    .next = "give the file its old name back, or accept the new one",
		};
	return (struct advice){
	    .text = arena_printf(arena, "has the number under which \"%s\" was applied", former),
	    .hint = arena_printf(
	        arena,
	        "If it is a new migration, move it with \"rung renumber\"%s; if it is the same one under "
	        "another name, accept it with \"rung repair %" PRId64 "\".",
	        down ? arena_printf(
	                   arena, ", or go down below \"%s\" with \"%s\" (its rollback is kept in the database)",
	                   former, down)
	             : "",
	        entry->number),
	    .next = "give the new file another number, or accept it as the one that was applied",
	};
}

static struct advice on_partial(const struct comparison_entry *entry, struct arena *arena)
{
	return (struct advice){
	    .text = "stopped half-way",
	    .hint =
	        arena_printf(arena,
	                     "Continue after its last finished statement with \"rung resume\". To start it over, "
	                     "undo by hand what it did, then clear it with \"rung repair %" PRId64 "\".",
	                     entry->number),
	};
}

static const struct folding *folding_of(const struct comparison_entry *entry,
                                        const struct comparison *comparison)
{
	return comparison_folding(comparison, (size_t)(entry - comparison->entries));
}

static struct advice on_foldable(const struct comparison_entry *entry, const struct comparison *comparison,
                                 struct arena *arena)
{
	return (struct advice){
	    .text = arena_printf(arena, "is applied as the %zu migrations that it replaces",
	                         folding_of(entry, comparison)->count),
	    .hint = "\"rung upgrade\" folds their records into one; nothing else is run.",
	};
}

/* What is left of the old files is in git, or where the squash kept them. */
static struct advice on_unfoldable(const struct comparison_entry *entry, const struct comparison *comparison,
                                   struct arena *arena)
{
	const struct folding *folding = folding_of(entry, comparison);

	return (struct advice){
	    .text = arena_printf(
	        arena, "replaces %zu migrations, and this database has only some of them as they were: %s",
	        folding_replaced_count(folding), folding->trouble),
	    .hint =
	        "Run \"rung upgrade\" here with the files from before the squash (a checkout of that revision), "
	        "then with these. In development \"rung downgrade base\" goes down with the rollbacks that "
	        "the database keeps.",
	    .next = "apply the rest of what was squashed with the files from before the squash",
	};
}

static struct advice on_squashed(const struct comparison_entry *entry, const struct comparison *comparison,
                                 struct arena *arena)
{
	const struct record *record = comparison_squashed_into(comparison, (size_t)(entry - comparison->entries));
	int64_t from = 0;

	(void)!name_is_squash(record->name, &from);
	return (struct advice){
	    .text = arena_printf(arena,
	                         "and those before it, from %" PRId64
	                         " on, are recorded in this database as one migration: \"%s\"",
	                         from, record->name),
	    .hint =
	        "They were squashed. Update these files (a checkout that has the squashed one), then try again.",
	    .next = "update the files: they were squashed",
	};
}

struct advice advice_on(enum difference_kind kind, const struct comparison_entry *entry,
                        const struct comparison *comparison, struct arena *arena)
{
	switch (kind) {
	case DIFFERENCE_PENDING:
		return (struct advice){.text = "is not applied yet", .hint = "Apply it with \"rung upgrade\"."};
	case DIFFERENCE_REAPPLICABLE:
		return (struct advice){.text = "was edited and is to be applied again",
		                       .hint = "Apply it with \"rung upgrade\"."};
	case DIFFERENCE_UNWINDING:
		return (struct advice){.text = "is half rolled back",
		                       .hint = "Finish that with \"rung downgrade\"; then it can be applied again.",
		                       "Finish that with \"rung downgrade\"; then it can be applied again."};
	case DIFFERENCE_OUT_OF_ORDER:
		return (struct advice){
		    .text = arena_printf(arena, "is older than the newest applied, \"%s\"",
		                         comparison_newest_name(comparison, arena)),
		    .hint = "Give it a higher number with \"rung renumber\", or apply it out of order with \"rung "
		            "upgrade --out-of-order\".",
		};
	case DIFFERENCE_EDITED:
		return on_edited(entry, comparison, arena);
	case DIFFERENCE_MISSING:
		return on_missing(entry, comparison, arena);
	case DIFFERENCE_RENAMED:
		return on_renamed(entry, comparison, arena);
	case DIFFERENCE_PARTIAL:
		return on_partial(entry, arena);
	case DIFFERENCE_FOLDABLE:
		return on_foldable(entry, comparison, arena);
	case DIFFERENCE_UNFOLDABLE:
		return on_unfoldable(entry, comparison, arena);
	case DIFFERENCE_SQUASHED:
		return on_squashed(entry, comparison, arena);
	}
	return (struct advice){0};
}
