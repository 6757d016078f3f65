/*
 * Changes what the database says of itself and runs nothing. Going up only adds records, and is not asked
 * about. Going down drops them, and then "upgrade" would run those migrations again on a schema that has
 * them: that is asked before the lock is taken, by names, and a record that came meanwhile was not in the
 * question and stops it.
 *
 * A target is a number, and everything up to it is recorded, on branches too.
 *
 * Files that run last have no place among the numbers: their records stay unless all or none is meant.
 * One that is named brings everything it comes after.
 */
#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/run/history_edit.h"
#include "command/run/question.h"
#include "history/journal.h"
#include "plan/comparison.h"
#include "plan/lookup.h"

/*
 * What the record should say: what is `stamped` is applied, nothing above
 * `limit` is. Files that run after all others have no place in that order:
 * their records stay, unless all or none is meant, and one that is named itself
 * comes with everything before it.
 */
struct stamping {
	struct context *context;
	const bool *stamped; /* one claim per file */
	int64_t limit;       /* the highest number that may stay; INT64_MAX for any */
	bool is_everything;  /* head or base */
	size_t changed;
	const struct history *asked; /* what a person saw before the lock was ours; NULL with --force */
};

static const struct record *find_record(const struct history *history, int64_t version)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].version == version)
			return &history->records[i];
	return NULL;
}

/* A half-done migration counts as done from now on: its row is settled, its journal forgotten. */
static bool stamp_one(const struct migrate_options *run_options, struct locked_history *locked,
                      const struct migration *migration, const struct record *half_done, struct error *err)
{
	const struct request forget = journal_clear(&run_options->history, migration->number, locked->arena);
	struct record_values facts;

	if (!history_edit_values(migration, locked->arena, &facts, err))
		return false;
	const struct request request =
	    history_record(&run_options->history, &run_options->author, &facts, half_done != NULL, locked->arena);
	history_edit_claim(locked, &facts, true);
	return request_run(locked->db, &forget, err) && request_run(locked->db, &request, err) &&
	       history_edit_log(run_options, locked, "stamp", &facts, err);
}

static bool unstamp_one(const struct migrate_options *run_options, struct locked_history *locked,
                        const struct record *record, struct error *err)
{
	const struct request forget = journal_clear(&run_options->history, record->version, locked->arena);
	const struct request request = history_forget(&run_options->history, record->version, locked->arena);
	const struct record_values facts = {
	    .version = record->version, .name = record->name, .checksum = record->checksum};

	history_edit_claim(locked, &facts, false);
	return request_run(locked->db, &forget, err) && request_run(locked->db, &request, err) &&
	       history_edit_log(run_options, locked, "unstamp", &facts, err);
}

static bool is_dropped(const struct stamping *stamping, int64_t version)
{
	if (!stamping->is_everything && tree_runs_last(&stamping->context->tree, version))
		return false;
	return version > stamping->limit;
}

static const char *name_of(const struct record *record, struct arena *arena)
{
	return entry_name(&(struct comparison_entry){record->version, NULL, record}, arena);
}

/* Nobody said yes to a record that came meanwhile. */
static bool was_asked(const struct stamping *stamping, const struct record *record, struct error *err)
{
	if (!stamping->asked || find_record(stamping->asked, record->version))
		return true;
	return error_set(err, ERROR_FOUND, "migration %lld was recorded in the meantime; run it again",
	                 (long long)record->version);
}

static bool drop_all(const struct migrate_options *run_options, struct locked_history *locked,
                     struct stamping *stamping, struct error *err)
{
	for (size_t i = 0; i < locked->history.count; i++) {
		const struct record *record = &locked->history.records[i];

		if (!is_dropped(stamping, record->version))
			continue;
		if (!was_asked(stamping, record, err) || !unstamp_one(run_options, locked, record, err))
			return false;
		event_note(run_options->reporter, "removed the record of %s", name_of(record, locked->arena));
		stamping->changed++;
	}
	return true;
}

static bool stamp_all(const struct migrate_options *run_options, struct locked_history *locked, void *context,
                      struct error *err)
{
	struct stamping *stamping = context;
	const struct tree *tree = &stamping->context->tree;

	locked->keeps_catalog = true;
	for (size_t i = 0; i < tree->count; i++) {
		const struct record *record = find_record(&locked->history, tree->migrations[i].number);

		if (!stamping->stamped[i] || (record && record->state == RECORD_APPLIED))
			continue;
		if (!stamp_one(run_options, locked, &tree->migrations[i], record, err))
			return false;
		stamping->changed++;
	}
	return drop_all(run_options, locked, stamping, err);
}

/* Before the lock is taken: nobody waits while a person thinks. */
static bool confirm(struct stamping *stamping, struct error *err)
{
	struct context *context = stamping->context;
	struct history *history = arena_new(context->arena, struct history);
	struct buffer names = {.arena = context->arena};
	size_t count = 0;

	if (option_is_given(context, "--force"))
		return true;
	if (!database_load_history(context, history, err))
		return false;
	stamping->asked = history;
	for (size_t i = 0; i < history->count; i++)
		if (is_dropped(stamping, history->records[i].version))
			buffer_printf(&names, "%s%s", count++ ? ", " : "", name_of(&history->records[i], context->arena));
	if (count == 0)
		return true;
	const char *what = arena_printf(context->arena, "record%s of %s in %s", plural(count),
	                                buffer_cstr(&names), database_meant(context));
	return question_settle(
	    context, arena_printf(context->arena, "dropping the %s", what),
	    arena_printf(context->arena,
	                 "Drop the %s? Nothing is rolled back: \"rung upgrade\" would run them again.", what),
	    NULL, "\"rung downgrade\" rolls back; --force drops the records alone.", err);
}

/* --- where to --------------------------------------------------------- */

static const bool *up_to(const struct tree *tree, int64_t limit, bool with_last, struct arena *arena)
{
	bool *claims = arena_array(arena, bool, tree->count);

	for (size_t i = 0; i < tree->count; i++)
		claims[i] =
		    tree->migrations[i].number <= limit && (with_last || !tree->migrations[i].directives.order_last);
	return claims;
}

static const bool *up_to_last(const struct tree *tree, const struct migration *last, struct arena *arena)
{
	struct graph graph;

	graph_build(tree->migrations, tree->count, arena, &graph);
	return graph_ancestors(&graph, (size_t)(last - tree->migrations), arena);
}

static bool find_limit(struct stamping *stamping, const char *target, struct error *err)
{
	const struct tree *tree = &stamping->context->tree;
	struct arena *arena = stamping->context->arena;
	const struct migration *migration = tree->count ? &tree->migrations[tree->count - 1] : NULL;
	const bool is_base = strcmp(target, "base") == 0;

	stamping->is_everything = is_base || strcmp(target, "head") == 0;
	if (!stamping->is_everything && !lookup_migration(target, tree, arena, &migration, err))
		return false;
	const bool is_last = !stamping->is_everything && migration->directives.order_last;
	stamping->limit = is_last ? INT64_MAX : is_base || !migration ? 0 : migration->number;
	stamping->stamped = is_last ? up_to_last(tree, migration, arena)
	                            : up_to(tree, stamping->limit, stamping->is_everything, arena);
	return true;
}

static bool cmd_stamp(struct context *context, struct error *err)
{
	struct stamping stamping = {.context = context};
	struct migrate_options run_options;

	if (!migrate_verb_check_tree(context, err) ||
	    !migrate_options_from_context(context, DIRECTION_UP, &run_options, err) ||
	    !find_limit(&stamping, context->operands[0], err) || !confirm(&stamping, err) ||
	    !history_edit_reach(&run_options, stamp_all, &stamping, err))
		return false;
	history_edit_say(context,
	                 arena_printf(context->arena, "stamped %s: %zu record%s changed, nothing was run",
	                              context->operands[0], stamping.changed, plural(stamping.changed)),
	                 stamping.changed);
	return true;
}

static const struct option_row options[] = {
    {"--force", 'f', NULL, "do not ask before removing records"},
    {0},
};

const struct command command_stamp = {
    .name = "stamp",
    .operands = "TARGET",
    .help = &HELP_stamp,
    .group = GROUP_RECORD,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .least_operands = 1,
    .most_operands = 1,
    .options = options,
    .run = cmd_stamp,
};
