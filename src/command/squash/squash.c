/*
 * The new file is made of what is there in the end and not of the old statements: a column that was added and
 * dropped again leaves nothing. It says which migrations it stands for and what their texts were, and that is
 * all a database needs to know (plan/folding.h), so none has to be touched by hand.
 *
 * Its number is that of the newest it replaces: what comes later comes later still, and on a database that
 * has them all its row stands where theirs ended.
 */
#include <inttypes.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/project/migration_files.h"
#include "command/squash/squash_build.h"
#include "command/squash/squash_files.h"
#include "config/url.h"
#include "migration/name.h"

/* --- the configured database --------------------------------------------------------------- */

static const struct record *find_record(const struct history *history, int64_t number)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].version == number)
			return &history->records[i];
	return NULL;
}

static bool is_as_file(const struct record *record, const struct migration *migration)
{
	return record && record->state == RECORD_APPLIED &&
	       (!record->checksum || strcmp(record->checksum, migration->checksum) == 0);
}

/* One that has only some of them could not be brought on afterwards. */
static bool check_history(struct context *context, const struct squash_range *range,
                          const struct history *history, struct error *err)
{
	const struct migration *odd = NULL;
	size_t count = 0;

	for (size_t i = 0; i < range->count; i++) {
		const struct record *record = find_record(history, range->members[i]->number);

		count += record != NULL;
		if (!is_as_file(record, range->members[i]))
			odd = odd ? odd : range->members[i];
	}
	if (!count || !odd)
		return true;
	error_set(err, ERROR_FOUND, "the database has only some of these migrations as they are: not \"%s\"",
	          odd->name);
	error_detail(err, "It could not be upgraded with the new file.");
	return error_hint(
	    err,
	    "Bring it up to date first: \"rung upgrade\"; \"rung check\" tells what differs. --offline "
	    "does not ask %s.",
	    context->database ? "it" : "a database");
}

static bool check_database(struct context *context, const struct squash_range *range, struct error *err)
{
	struct history history = {0};

	if (!context->database || option_is_given(context, "--offline"))
		return true;
	if (database_load_history(context, &history, err))
		return check_history(context, range, &history, err);
	if (err->kind == ERROR_SERVER)
		error_hint(err, "The database is asked whether it has these migrations; --offline skips that.");
	return false;
}

/* --- the texts ------------------------------------------------------------------------------ */

static void add_replaced(struct buffer *text, const struct migration *migration)
{
	int64_t from = 0;

	buffer_printf(text, "-- rung: replaces: %s %s", migration->name, migration->checksum);
	if (name_is_squash(migration->name, &from))
		buffer_printf(text, " from %" PRId64, from);
	buffer_char(text, '\n');
	for (size_t i = 0; i < migration->directives.replace_count; i++) {
		const struct replaced *replaced = &migration->directives.replaces[i];

		buffer_printf(text, "-- rung: replaces: %s %s", replaced->name, replaced->checksum);
		if (replaced->from)
			buffer_printf(text, " from %" PRId64, replaced->from);
		buffer_char(text, '\n');
	}
}

static void add_head(struct buffer *text, const struct context *context, const struct squash_build *build)
{
	const struct squash_range *range = build->range;
	const char *revision = squash_revision(context);

	buffer_printf(
	    text,
	    "-- What the migrations %s to %s make, as one; proved on PostgreSQL %d.\n"
	    "-- A database that has them all gets one record in place of theirs with its next upgrade.\n",
	    range->members[0]->name, range->members[range->count - 1]->name, build->room.major);
	if (revision)
		buffer_printf(text, "-- Their files are in git, at %s.\n", revision);
	buffer_text(text, "--\n");
	for (size_t i = 0; i < range->require_count; i++)
		buffer_printf(text, "-- rung: requires: %" PRId64 "\n", range->requires[i]);
	for (size_t i = 0; i < range->count; i++)
		add_replaced(text, range->members[i]);
}

static const char *up_text(const struct context *context, const struct squash_build *build)
{
	struct buffer text = {.arena = context->arena};
	const char *sql = build->pair.up.part_count ? change_script_text(&build->pair.up, 0, context->arena) : "";
	const char *carried = build->range->carried;

	add_head(&text, context, build);
	if (!*sql && !*carried && !*build->reference.sql)
		buffer_text(&text, "-- rung: empty: nothing is left of what they made\n");
	buffer_printf(&text, "%s\n%s%s", carried, sql, build->reference.sql);
	return buffer_cstr(&text);
}

static const char *down_text(const struct context *context, const struct squash_build *build)
{
	struct buffer text = {.arena = context->arena};
	const bool has_sql = build->pair.down.part_count;

	buffer_printf(&text, "-- Undoes %s.sql: what the migrations it replaces made goes, with all rows.\n",
	              build->range->name);
	if (*build->range->carried)
		buffer_text(&text, "-- Roles and settings of the database stay.\n");
	if (!has_sql)
		buffer_text(&text, "-- rung: empty: there is nothing to undo\n");
	buffer_printf(&text, "\n%s", has_sql ? change_script_text(&build->pair.down, 0, context->arena) : "");
	return buffer_cstr(&text);
}

/* --- the verb --------------------------------------------------------------------------------- */

static void tell(const struct context *context, const struct squash_build *build)
{
	const struct reference_rows *rows = &build->reference;

	for (size_t i = 0; i < rows->left_count; i++)
		event_note(context->reporter, "%s is left to its default, as its values differ each time",
		           rows->left_to_default[i]);
	if (*build->range->carried)
		event_note(context->reporter, "statements about roles and the database were taken over as they are");
	event_note(
	    context->reporter,
	    "proved on PostgreSQL %d: the schema is the same up and down, and so are %zu row%s in %zu table%s",
	    build->room.major, rows->row_count, plural(rows->row_count), rows->table_count,
	    plural(rows->table_count));
}

static bool squash(struct context *context, const struct squash_range *range, struct error *err)
{
	const char *server = option_value(context, "--server");
	scoped_squash_build struct squash_build build = {
	    .context = context,
	    .range = range,
	    .server_url = server ? url_for_libpq(context->arena, server) : NULL};

	if ((server && !database_check(context, build.server_url, err)) || !squash_build_run(&build, err))
		return false;
	const struct squash_texts texts = {up_text(context, &build), down_text(context, &build)};
	if (!squash_build_prove(&build, &texts, err))
		return false;
	tell(context, &build);
	if (option_is_given(context, "--dry-run")) {
		report_verbatim(context->reporter, texts.up);
		return true;
	}
	if (!squash_files_write(context, range, &texts, err))
		return false;
	event_done(context->reporter,
	           arena_printf(context->arena, "%zu migrations are now one: %s", range->count, range->name), -1,
	           (int64_t)range->count);
	return true;
}

static bool finish(struct context *context, bool *found, struct error *err)
{
	if (option_is_given(context, "--dry-run") ||
	    !directory_exists(setting_text(context->settings, SETTING_SCHEMA_DIR)))
		return true;
	return squash_files_finish(context, found, err);
}

static bool cmd_squash(struct context *context, struct error *err)
{
	struct squash_range range;
	bool is_finished = false;

	/* What was interrupted may change what the project holds: it is loaded before and behind it. */
	if (!migration_files_load(context, err) || !finish(context, &is_finished, err))
		return false;
	if (is_finished) {
		event_done(context->reporter, "the squash that was interrupted is finished", -1, 0);
		return true;
	}
	return migration_files_load(context, err) && tree_check(&context->tree, err) &&
	       squash_range_choose(context, &range, err) &&
	       (option_is_given(context, "--dry-run") || squash_files_check(context, &range, err)) &&
	       check_database(context, &range, err) && squash(context, &range, err);
}

static const struct option_row options[] = {
    {"--to", 0, "MIGRATION", "the last one to be squashed; default: the newest"},
    {"--from", 0, "MIGRATION", "the first one to be squashed; default: the first there is"},
    {"--keep", 0, "DIR", "move the old files there instead of removing them"},
    {"--dry-run", 'n', NULL, "print the new file, change nothing"},
    {"--offline", 0, NULL, "do not ask the database whether it has all of them"},
    {"--server", 0, "URL", "build on this server, in databases that are dropped again"},
    {0},
};

const struct command command_squash = {
    .name = "squash",
    .operands = "",
    .help = &HELP_squash,
    .group = GROUP_WRITE,
    .needs = NEEDS_NOTHING,
    .options = options,
    .run = cmd_squash,
};
