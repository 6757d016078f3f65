/*
 * Two questions are answered: where the database is, and what to type next. The second is a table
 * (next_steps), most pressing first, and exactly one row is shown: a list of advice would leave the
 * choice to the reader. What the advice says comes from plan/advice.c, which check, upgrade and repair
 * use, too.
 *
 * For people only what is not as it should be has a line; JSON always has every key, so that a program
 * need not know which may be absent. Values in JSON are names and numbers; sentences are for people
 * (properties without a key).
 *
 * The verb ends with 0 whatever it finds. "rung check" is the one that fails.
 */
#include <string.h>

#include "base/number_text.h"
#include "base/program_name.h"
#include "command/commands.h"
#include "command/database/database_state.h"
#include "command/database/half_done.h"
#include "command/help/help_page.h"
#include "plan/advice.h"
#include "report/display.h"
#include "report/property.h"

/* Of branches that are not merged it has to be said that all are meant. */
static const char upgrade[] = "rung upgrade";
static const char upgrade_all[] = "rung upgrade heads";

/*
 * What to do next, the most pressing first. A row counts when the database
 * differs from the files in its way; `command` is typed as it is. Without
 * one somebody has to decide, and without a purpose of its own a row says what
 * plan/advice.h says of the difference.
 */
static const struct {
	enum difference_kind kind;
	const char *command;
	const char *purpose;
} next_steps[] = {
    {DIFFERENCE_PARTIAL, "rung resume", NULL},
    {DIFFERENCE_UNWINDING, "rung downgrade", NULL},
    {DIFFERENCE_SQUASHED, NULL, NULL},
    {DIFFERENCE_UNFOLDABLE, NULL, NULL},
    {DIFFERENCE_MISSING, NULL, NULL},
    {DIFFERENCE_EDITED, NULL, NULL},
    {DIFFERENCE_RENAMED, NULL, NULL},
    {DIFFERENCE_OUT_OF_ORDER, "rung renumber", NULL},
    {DIFFERENCE_PENDING, upgrade, "Apply what is pending; --dry-run shows the plan."},
    {DIFFERENCE_FOLDABLE, upgrade, "Fold the records of what was squashed."},
    {DIFFERENCE_REAPPLICABLE, upgrade, "Apply the edited files again; --dry-run shows the plan."},
};

struct next_step {
	const char *command; /* NULL when there is nothing to do, or nothing that a command alone can do */
	const char *text;    /* then: what is to be done */
	const char *purpose;
};

static size_t file_error_count(const struct tree *tree)
{
	size_t count = 0;

	for (size_t i = 0; i < tree->finding_count; i++)
		count += tree->findings[i].is_error;
	return count;
}

/* NULL when nothing differs in this way. */
static const struct comparison_entry *first_entry(const struct database_state *state,
                                                  enum difference_kind wanted)
{
	for (size_t i = 0; i < state->comparison.count; i++) {
		enum difference_kind kind;

		if (comparison_difference(&state->comparison, i, &state->options, &kind) && kind == wanted &&
		    comparison_tells(&state->comparison, i, kind))
			return &state->comparison.entries[i];
	}
	return NULL;
}

static bool has_several_heads(const struct database_state *state, struct arena *arena)
{
	const struct comparison *comparison = &state->comparison;
	bool *all = arena_array(arena, bool, comparison->count);
	size_t *heads;

	for (size_t i = 0; i < comparison->count; i++)
		all[i] = true;
	return graph_heads(&comparison->graph, all, arena, &heads) > 1;
}

/* What plan/advice.h says; a number that no file can have only a command takes away. */
static struct next_step advised_step(const struct database_state *state, enum difference_kind kind,
                                     const struct comparison_entry *entry, struct arena *arena)
{
	const struct advice advice = advice_on(kind, entry, &state->comparison, arena);

	return (struct next_step){
	    .command = entry->number < 1
	                   ? arena_printf(arena, "rung repair --forget -- %lld", (long long)entry->number)
	                   : NULL,
	    .text = advice.next,
	    .purpose = arena_printf(arena, "%s %s. %s", entry_name(entry, arena), advice.text, advice.hint),
	};
}

static struct next_step next_step(const struct context *context, const struct database_state *state)
{
	if (file_error_count(&context->tree))
		return (struct next_step){.command = "rung check --offline",
		                          .purpose = "Shows what is wrong with the files."};
	for (size_t i = 0; i < sizeof(next_steps) / sizeof(*next_steps); i++) {
		const struct comparison_entry *found = first_entry(state, next_steps[i].kind);
		const char *command = next_steps[i].command;

		if (!found)
			continue;
		struct next_step step = advised_step(state, next_steps[i].kind, found, context->arena);
		if (command == upgrade && has_several_heads(state, context->arena))
			command = upgrade_all;
		step.command = command ? command : step.command;
		step.purpose = next_steps[i].purpose ? next_steps[i].purpose : step.purpose;
		return step;
	}
	if (state->drift.state == DRIFT_FOUND)
		return (struct next_step){.command = "rung check",
		                          .purpose = "Lists what was changed in the schema since the last run."};
	if (context->tree.count == 0)
		return (struct next_step){.command = "rung create \"first tables\"",
		                          .purpose = "Begin with a migration and its rollback."};
	return (struct next_step){0};
}

/* Comma-separated, since branches have several. */
static const char *head_names(const struct database_state *state, struct arena *arena,
                              const char **applied_at)
{
	const struct comparison_entry **heads;
	const size_t count = database_state_heads(state, arena, &heads);
	const char *names = NULL;

	*applied_at = count == 1 && heads[0]->record ? heads[0]->record->applied_at : NULL;
	for (size_t i = 0; i < count; i++)
		names =
		    arena_printf(arena, "%s%s%s", names ? names : "", names ? ", " : "", entry_name(heads[i], arena));
	return names;
}

/* "06_big_index, 2 of 5 statements; continue with: rung resume"; NULL when nothing stopped in this way. */
static const char *half_done(const struct context *context, const struct database_state *state,
                             enum difference_kind kind, const char *way_on)
{
	const struct comparison_entry *entry = first_entry(state, kind);

	if (!entry)
		return NULL;
	return arena_printf(context->arena, "%s, %s; %s", entry_name(entry, context->arena),
	                    half_done_text(context, entry, &state->positions),
	                    program_name_in_text(context->arena, program_advice(context->arena, way_on)));
}

/* The first that stopped, up or else down. */
static const struct comparison_entry *stopped_entry(const struct database_state *state)
{
	const struct comparison_entry *entry = first_entry(state, DIFFERENCE_PARTIAL);

	return entry ? entry : first_entry(state, DIFFERENCE_UNWINDING);
}

static const char *name_or_none(const struct comparison_entry *entry, struct arena *arena)
{
	return entry ? entry_name(entry, arena) : NULL;
}

/* The batch that it stopped in. */
static struct batch_progress stopped_batch(const struct context *context, const struct database_state *state)
{
	const struct comparison_entry *entry = stopped_entry(state);

	return entry ? half_done_batch(context, entry, &state->positions) : (struct batch_progress){0};
}

/* What the same command with a relative target would continue with; NULL for none. */
static const char *unfinished_text(const struct context *context, const struct database_state *state)
{
	const struct run_record *run = state->history.unfinished;
	struct arena *arena = context->arena;

	if (!run || !strchr("+-", run->target[0]))
		return NULL;
	return arena_printf(
	    arena, "%s %s, from %s to %s; begun %s by %s on %s; %s", run->command, run->target, run->from,
	    run->to, moment_text(run->begun_at, arena, context->reporter), run->begun_by, run->host,
	    program_name_in_text(arena, program_advice(arena, arena_printf(arena, "continue with: rung %s %s",
	                                                                   run->command, run->target))));
}

static const char *failure_text(const struct failure *failure, const struct context *context)
{
	struct arena *arena = context->arena;

	if (!failure->at)
		return NULL;
	return arena_printf(arena, "%s, %s: %s%s%s%s", moment_text(failure->at, arena, context->reporter),
	                    failure->name, failure->error ? failure->error : "for reasons unknown",
	                    failure->sqlstate ? " (" : "", failure->sqlstate ? failure->sqlstate : "",
	                    failure->sqlstate ? ")" : "");
}

/* "changed column public.t.a and 3 more, since the last run at ..."; NULL where there is nothing to say. */
static const char *drift_text(const struct drift *drift, const struct context *context)
{
	struct arena *arena = context->arena;

	if (drift->state == DRIFT_FOUND)
		return arena_printf(arena, "%s, since the last run at %s", drift_names(drift, arena),
		                    moment_text(drift->kept_at, arena, context->reporter));
	return drift->is_trouble ? arena_printf(arena, "not known: %s", drift->why) : NULL;
}

static const char *drift_count(const struct drift *drift, struct arena *arena)
{
	return drift->state == DRIFT_NOT_COMPARED ? NULL : number_text(arena, (int64_t)drift->moves.count);
}

/* Only what is not as it should be gets a line of its own. */
static const char *unless_none(struct arena *arena, const struct reporter *reporter, size_t count)
{
	return count || reporter_is_json(reporter) ? number_text(arena, (int64_t)count) : NULL;
}

/* --- the facts, in the order in which they are read ------------------------ */

struct fact_list {
	struct context *context;
	const struct database_state *state;
	struct property *items;
	size_t count;
};

static void add_all(struct fact_list *list, const struct property *facts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*ARENA_PUSH(list->context->arena, list->items, list->count) = facts[i];
}

#define ADD(list, facts) add_all((list), (facts), sizeof(facts) / sizeof(*(facts)))

static void add_place(struct fact_list *list)
{
	const struct database_state *state = list->state;
	const bool is_json = reporter_is_json(list->context->reporter);
	const char *read_only = state->facts.is_read_only ? ", read only" : "";
	const struct property facts[] = {
	    {"database", "Database", is_json ? state->database_name : state->database, COLUMN_TEXT},
	    {"server", NULL, state->server, COLUMN_TEXT},
	    {"user", NULL, state->user, COLUMN_TEXT},
	    {"is_read_only", NULL, state->facts.is_read_only ? "true" : "false", COLUMN_FLAG},
	    {NULL, "Server",
	     arena_printf(list->context->arena, "%s, as %s%s", state->server, state->user, read_only),
	     COLUMN_TEXT},
	};

	ADD(list, facts);
}

static void add_head(struct fact_list *list)
{
	const struct database_state *state = list->state;
	const struct reporter *reporter = list->context->reporter;
	struct arena *arena = list->context->arena;
	const char *applied_at;
	const char *head = head_names(state, arena, &applied_at);
	const char *none = reporter_is_json(reporter) ? NULL
	                   : state->history.exists    ? "none, nothing is applied"
	                                              : "none, the database has no history yet";
	const size_t pending = database_state_count(state, DIFFERENCE_PENDING) +
	                       database_state_count(state, DIFFERENCE_OUT_OF_ORDER);
	const struct property facts[] = {
	    {"head", "Head", head ? head : none, COLUMN_TEXT},
	    {"head_applied_at", "Since", moment_text(applied_at, arena, reporter), COLUMN_TEXT},
	    {"applied", "Applied", number_text(arena, (int64_t)database_state_applied_count(state)),
	     COLUMN_NUMBER},
	    {"pending", "Pending", number_text(arena, (int64_t)pending), COLUMN_NUMBER},
	    {"reapplicable", "Edited, to be applied again",
	     unless_none(arena, reporter, database_state_count(state, DIFFERENCE_REAPPLICABLE)), COLUMN_NUMBER},
	};

	ADD(list, facts);
}

static void add_half_done(struct fact_list *list)
{
	struct context *context = list->context;
	const struct database_state *state = list->state;
	const struct comparison_entry *stopped = stopped_entry(state);
	struct arena *arena = context->arena;
	const struct property facts[] = {
	    {"partial", NULL, number_text(arena, (int64_t)database_state_count(state, DIFFERENCE_PARTIAL)),
	     COLUMN_NUMBER},
	    {"half_done", NULL, name_or_none(first_entry(state, DIFFERENCE_PARTIAL), arena), COLUMN_TEXT},
	    {NULL, "Half done", half_done(context, state, DIFFERENCE_PARTIAL, "continue with: rung resume"),
	     COLUMN_TEXT},
	    {"unwinding", NULL, number_text(arena, (int64_t)database_state_count(state, DIFFERENCE_UNWINDING)),
	     COLUMN_NUMBER},
	    {"half_undone", NULL, name_or_none(first_entry(state, DIFFERENCE_UNWINDING), arena), COLUMN_TEXT},
	    {"statements_done", NULL, stopped ? number_text(arena, stopped->record->statements_done) : NULL,
	     COLUMN_NUMBER},
	    {"statements", NULL, stopped ? half_done_total(context, stopped) : NULL, COLUMN_NUMBER},
	    {NULL, "Half rolled back",
	     half_done(context, state, DIFFERENCE_UNWINDING, "continue with: rung downgrade"), COLUMN_TEXT},
	};

	ADD(list, facts);
}

static void add_unfinished(struct fact_list *list)
{
	static const struct run_record nothing = {0};
	const struct database_state *state = list->state;
	const struct batch_progress batch = stopped_batch(list->context, state);
	const char *text = unfinished_text(list->context, state);
	const struct run_record *run = text ? state->history.unfinished : &nothing;
	const char *command =
	    run->command ? arena_printf(list->context->arena, "%s %s", run->command, run->target) : NULL;
	const struct property facts[] = {
	    {"unfinished", NULL, command, COLUMN_TEXT},
	    {"unfinished_from", NULL, run->from, COLUMN_TEXT},
	    {"unfinished_to", NULL, run->to, COLUMN_TEXT},
	    {"unfinished_begun_at", NULL, run->begun_at, COLUMN_TEXT},
	    {NULL, "Unfinished", text, COLUMN_TEXT},
	    HALF_DONE_BATCH_PROPERTIES(batch),
	};

	ADD(list, facts);
}

static void add_troubles(struct fact_list *list)
{
	struct context *context = list->context;
	const struct reporter *reporter = context->reporter;
	const struct database_state *state = list->state;
	const struct failure *failure = &state->failure;
	struct arena *arena = context->arena;
	const struct property facts[] = {
	    {"edited", "Edited", unless_none(arena, reporter, database_state_count(state, DIFFERENCE_EDITED)),
	     COLUMN_NUMBER},
	    {"missing", "Missing", unless_none(arena, reporter, database_state_count(state, DIFFERENCE_MISSING)),
	     COLUMN_NUMBER},
	    {"renamed", "Renamed", unless_none(arena, reporter, database_state_count(state, DIFFERENCE_RENAMED)),
	     COLUMN_NUMBER},
	    {"file_errors", "File problems", unless_none(arena, reporter, file_error_count(&context->tree)),
	     COLUMN_NUMBER},
	    {"drift", NULL, drift_count(&state->drift, arena), COLUMN_NUMBER},
	    {NULL, "Drift", drift_text(&state->drift, context), COLUMN_TEXT},
	    {"last_failure", NULL, failure->name, COLUMN_TEXT},
	    {"last_failure_at", NULL, failure->at, COLUMN_TEXT},
	    {"last_failure_sqlstate", NULL, failure->sqlstate, COLUMN_TEXT},
	    {"last_failure_error", NULL, failure->error, COLUMN_TEXT},
	    {NULL, "Last failure", failure_text(failure, context), COLUMN_TEXT},
	};

	ADD(list, facts);
}

static void print_properties(struct context *context, const struct database_state *state,
                             const struct next_step *next)
{
	static void (*const parts[])(struct fact_list * list) = {add_place, add_head, add_half_done,
	                                                         add_unfinished, add_troubles};
	const struct property last[] = {{"next", NULL, next->command, COLUMN_TEXT}};
	struct fact_list list = {.context = context, .state = state};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		parts[i](&list);
	ADD(&list, last);
	properties_print("status", list.items, list.count, context->arena, context->reporter);
}

static const struct column columns[] = {
    {"version", NULL, COLUMN_NUMBER}, {"name", "Migration", COLUMN_TEXT},    {"state", "State", COLUMN_STATE},
    {"file", "File", COLUMN_TEXT},    {"breaking", "Breaking", COLUMN_TEXT}, {0},
};

/* What differs, not what is well. */
static void print_differences(struct context *context, const struct database_state *state)
{
	struct table table = {.type = "migration", .columns = columns, .arena = context->arena};

	for (size_t i = 0; i < state->comparison.count; i++) {
		const struct comparison_entry *entry = &state->comparison.entries[i];
		const char *word = database_state_word(state, i);

		if (strcmp(word, "applied") != 0)
			table_row(&table, (const char *[]){
			                      number_text(context->arena, entry->number),
			                      entry_name(entry, context->arena),
			                      word,
			                      entry->migration ? entry->migration->shown_path : NULL,
			                      entry->migration ? entry->migration->directives.breaking : NULL,
			                  });
	}
	if (table.count && !reporter_is_json(context->reporter))
		report_text(context->reporter, "\n");
	table_print(&table, context->reporter);
}

static void print_next(struct context *context, const struct next_step *next)
{
	struct buffer page = {.arena = context->arena};

	if (reporter_is_json(context->reporter))
		return;
	if (next->command || next->text) {
		const char *line =
		    arena_printf(context->arena, "Next: %s", next->command ? next->command : next->text);
		const char *said = program_advice(context->arena, line);

		buffer_printf(&page, "\n%s\n", display_line(context->arena, said));
		page_note(&page, program_advice(context->arena, next->purpose));
	} else {
		buffer_text(&page, "\nUp to date.\n");
	}
	report_text(context->reporter, program_name_in_text(context->arena, buffer_cstr(&page)));
}

static bool cmd_status(struct context *context, struct error *err)
{
	struct database_state state;

	if (!database_state_load_with_log(context, !option_is_given(context, "--no-drift"), &state, err))
		return false;
	const struct next_step next = next_step(context, &state);
	print_properties(context, &state, &next);
	print_differences(context, &state);
	print_next(context, &next);
	return true;
}

static const struct option_row options[] = {
    {"--no-drift", 0, NULL, "do not compare the schema with how the last run left it, which takes longest"},
    {0},
};

const struct command command_status = {
    .name = "status",
    .operands = "",
    .help = &HELP_status,
    .group = GROUP_LOOK,
    .needs = NEEDS_TREE | NEEDS_DATABASE | CONNECTS,
    .options = options,
    .run = cmd_status,
};
