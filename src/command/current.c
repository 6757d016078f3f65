/*
 * By default names alone, a line each: this is what scripts read. A migration that stopped half-way is
 * neither applied nor absent, so it is not among the names, and a warning on standard error says that it
 * is there.
 *
 * The heads are those of the database: what is applied and has nothing applied above it. Whether the
 * files go further is another question, which the column "Head" answers.
 */
#include "command/commands.h"

#include "base/number_text.h"
#include "command/database/database_state.h"
#include "command/database/half_done.h"
#include "report/display.h"
#include "report/property.h"

static const struct column columns[] = {
    {"version", NULL, COLUMN_NUMBER},
    {"name", "Migration", COLUMN_TEXT},
    {"state", "State", COLUMN_STATE},
    {"is_head", "Head", COLUMN_FLAG},
    {"applied_at", "Applied at", COLUMN_TEXT},
    {"applied_by", "By", COLUMN_TEXT},
    {"applied_from", "From", COLUMN_TEXT},
    {"duration_ms", "Took", COLUMN_DURATION},
    {"tool_version", "Version", COLUMN_TEXT},
    {"backup", "Backup", COLUMN_TEXT},
    {0},
};

/* Whether no file builds on it: the database is as far as the files go. */
static bool is_head_of_files(const struct context *context, const struct comparison_entry *entry)
{
	const struct migration **heads;
	const size_t count = tree_heads(&context->tree, context->arena, &heads);

	for (size_t i = 0; i < count; i++)
		if (heads[i]->number == entry->number)
			return true;
	return false;
}

/*
 * A name may come out of the history alone, and what is in a table may hold anything: display_line() makes
 * it harmless for a terminal.
 */
static void print_names(struct context *context, const struct comparison_entry *const *heads, size_t count)
{
	for (size_t i = 0; i < count; i++)
		report_text(context->reporter,
		            arena_printf(context->arena, "%s\n",
		                         display_line(context->arena, entry_name(heads[i], context->arena))));
}

static void add_row(struct context *context, struct table *table, const struct comparison_entry *entry)
{
	const struct record *record = entry->record;

	table_row(table, (const char *[]){
	                     number_text(context->arena, entry->number),
	                     entry_name(entry, context->arena),
	                     record_state_name(record->state),
	                     is_head_of_files(context, entry) ? "true" : "false",
	                     moment_text(record->applied_at, context->arena, context->reporter),
	                     record->applied_by,
	                     record->applied_from,
	                     record->applied_by ? number_text(context->arena, record->duration_ms) : NULL,
	                     record->tool_version,
	                     record->backup,
	                 });
}

/* Neither applied nor absent: a script that goes by the name must not take it for done. */
static void tell_half_done(const struct context *context, const struct database_state *state)
{
	for (size_t i = 0; i < state->comparison.count; i++) {
		const struct comparison_entry *entry = &state->comparison.entries[i];

		if (entry->record && entry->record->state != RECORD_APPLIED)
			event_warning(context->reporter, "%s is half %s: %s", entry_name(entry, context->arena),
			              entry->record->state == RECORD_PARTIAL ? "done" : "rolled back",
			              half_done_text(context, entry, &state->positions));
	}
}

static bool cmd_current(struct context *context, struct error *err)
{
	struct table table = {.type = "migration", .columns = columns, .arena = context->arena};
	struct database_state state;
	const struct comparison_entry **heads;

	if (!database_state_load(context, &state, err))
		return false;
	const size_t count = database_state_heads(&state, context->arena, &heads);
	if (count == 0)
		event_note(context->reporter, "nothing is applied");
	tell_half_done(context, &state);
	if (!reporter_is_json(context->reporter) && !reporter_is_verbose(context->reporter)) {
		print_names(context, heads, count);
		return true;
	}
	for (size_t i = 0; i < count; i++)
		add_row(context, &table, heads[i]);
	table_print(&table, context->reporter);
	return true;
}

const struct command command_current = {
    .name = "current",
    .operands = "",
    .help = &HELP_current,
    .group = GROUP_LOOK,
    .needs = NEEDS_TREE | NEEDS_DATABASE | CONNECTS,
    .run = cmd_current,
};
