/*
 * Two lists of columns with the same keys in the same order: what programs get never depends on
 * --verbose, what people see does. A column without a title is for programs alone, so add_row() fills
 * both and neither may be changed without the other.
 *
 * Files that were never applied are listed as well, since "history" is asked by people who look for a
 * migration, not for a row.
 */
#include <string.h>

#include "base/number_text.h"
#include "command/commands.h"
#include "command/database/database_state.h"
#include "report/property.h"

/* Those with a title in the second list are shown to people only with --verbose. */
static const struct column brief[] = {
    {"version", NULL, COLUMN_NUMBER},    {"name", "Migration", COLUMN_TEXT},
    {"state", "State", COLUMN_STATE},    {"applied_at", "Applied at", COLUMN_TEXT},
    {"applied_by", "By", COLUMN_TEXT},   {"duration_ms", "Took", COLUMN_DURATION},
    {"applied_from", NULL, COLUMN_TEXT}, {"tool_version", NULL, COLUMN_TEXT},
    {"backup", NULL, COLUMN_TEXT},       {"checksum", NULL, COLUMN_TEXT},
    {"has_rollback", NULL, COLUMN_FLAG}, {"breaking", NULL, COLUMN_TEXT},
    {"file", NULL, COLUMN_TEXT},         {0},
};
static const struct column verbose[] = {
    {"version", NULL, COLUMN_NUMBER},
    {"name", "Migration", COLUMN_TEXT},
    {"state", "State", COLUMN_STATE},
    {"applied_at", "Applied at", COLUMN_TEXT},
    {"applied_by", "By", COLUMN_TEXT},
    {"duration_ms", "Took", COLUMN_DURATION},
    {"applied_from", "From", COLUMN_TEXT},
    {"tool_version", "Version", COLUMN_TEXT},
    {"backup", "Backup", COLUMN_TEXT},
    {"checksum", "Checksum", COLUMN_TEXT},
    {"has_rollback", "Rollback", COLUMN_FLAG},
    {"breaking", "Breaking", COLUMN_TEXT},
    {"file", "File", COLUMN_TEXT},
    {0},
};

/* People recognise a digest by its beginning; programs get all of it. */
static const char *shown_checksum(const struct context *context, const struct comparison_entry *entry)
{
	enum { ENOUGH = 12 };
	const char *checksum = entry->record      ? entry->record->checksum
	                       : entry->migration ? entry->migration->checksum
	                                          : NULL;

	if (!checksum || reporter_is_json(context->reporter) || strlen(checksum) <= ENOUGH)
		return checksum;
	return arena_strndup(context->arena, checksum, ENOUGH);
}

static bool has_rollback(const struct comparison_entry *entry)
{
	return (entry->migration && entry->migration->has_rollback) ||
	       (entry->record && entry->record->has_rollback);
}

static void add_row(struct context *context, const struct database_state *state, size_t i,
                    struct table *table)
{
	static const struct record never = {0};
	const struct comparison_entry *entry = &state->comparison.entries[i];
	const struct record *record = entry->record ? entry->record : &never;

	table_row(table, (const char *[]){
	                     number_text(context->arena, entry->number),
	                     entry_name(entry, context->arena),
	                     database_state_word(state, i),
	                     moment_text(record->applied_at, context->arena, context->reporter),
	                     record->applied_by,
	                     record->applied_by ? number_text(context->arena, record->duration_ms) : NULL,
	                     record->applied_from,
	                     record->tool_version,
	                     record->backup,
	                     shown_checksum(context, entry),
	                     has_rollback(entry) ? "true" : "false",
	                     entry->migration ? entry->migration->directives.breaking : NULL,
	                     entry->migration ? entry->migration->shown_path : NULL,
	                 });
}

static bool cmd_history(struct context *context, struct error *err)
{
	struct table table = {.type = "migration",
	                      .columns = reporter_is_verbose(context->reporter) ? verbose : brief,
	                      .arena = context->arena};
	struct database_state state;

	if (!database_state_load(context, &state, err))
		return false;
	for (size_t i = 0; i < state.comparison.count; i++)
		add_row(context, &state, i, &table);
	if (state.comparison.count == 0)
		event_note(context->reporter, "no migrations, neither here nor in the database");
	table_print(&table, context->reporter);
	return true;
}

const struct command command_history = {
    .name = "history",
    .operands = "",
    .help = &HELP_history,
    .group = GROUP_LOOK,
    .needs = NEEDS_TREE | NEEDS_DATABASE | CONNECTS,
    .run = cmd_history,
};
