/*
 * What is compared are two databases, whatever the sides were: one that is there is looked at, all else is
 * made into one on a scratch server. So nothing here reads SQL to know what it means, and a diff of two files
 * is as exact as one of two databases.
 *
 * Nothing is ever written to a database that was named: those are looked at in one transaction that only
 * reads.
 */
#include "catalog/catalog_changes.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/database/fingerprint_parts.h"
#include "command/generate/catalog_filter.h"
#include "command/generate/change_pair.h"
#include "command/generate/changes_tree.h"
#include "command/generate/rename_question.h"
#include "command/generate/side_choice.h"
#include "command/generate/tool_tables.h"
#include "config/url.h"
#include "report/display.h"

struct diff {
	struct context *context;
	struct side_room room;
	struct side from;
	struct side to;
	struct catalog_filter filter;
	int parts;
	struct catalog_changes changes;
	struct rename_hints hints;
	struct renaming renaming;
	struct change_pair pair;
};

static void diff_close(struct diff *diff)
{
	renaming_clear(&diff->renaming);
	side_close(&diff->from);
	side_close(&diff->to);
	side_room_close(&diff->room);
	catalog_filter_close(&diff->filter);
}
#define scoped_diff SCOPED(diff_close)

/* --- options ------------------------------------------------------------------ */

static bool name_sides(struct diff *diff, struct error *err)
{
	const struct context *context = diff->context;

	return side_name_parse(context->operands[0], context->settings, context->arena, &diff->from.name, err) &&
	       side_name_parse(context->operands[1], context->settings, context->arena, &diff->to.name, err);
}

/* What create leaves out of the schema that is wanted is left out here as well. */
static const char *excluded(const struct diff *diff)
{
	const struct context *context = diff->context;
	const char *typed = option_value(context, "--exclude");
	const char *set = diff->from.name.is_desired || diff->to.name.is_desired
	                      ? setting_text(context->settings, SETTING_CREATE_EXCLUDE)
	                      : NULL;
	const char *all = typed && set ? arena_printf(context->arena, "%s,%s", set, typed) : typed ? typed : set;

	return diff->from.name.kind == SIDE_COMMAND || diff->to.name.kind == SIDE_COMMAND
	           ? tool_tables_excluded(all, context->arena)
	           : all;
}

static bool open_filter(struct diff *diff, struct error *err)
{
	const struct context *context = diff->context;
	const struct catalog_filter_options options = {
	    .schemas = option_value(context, "--schemas"),
	    .exclude_schemas = option_value(context, "--exclude-schemas"),
	    .exclude = excluded(diff),
	    .ignore_partitions = option_value(context, "--ignore-partitions-of"),
	};

	return catalog_filter_open(&options, context->arena, &diff->filter, err);
}

static bool read_server(struct diff *diff, struct error *err)
{
	const char *server = option_value(diff->context, "--server");

	diff->room.context = diff->context;
	diff->room.server_url = server ? url_for_libpq(diff->context->arena, server) : NULL;
	return !server || database_check(diff->context, diff->room.server_url, err);
}

/* --- both sides ----------------------------------------------------------------- */

static bool open_sides(struct diff *diff, struct error *err)
{
	const struct side_name from = diff->from.name;
	const struct side_name to = diff->to.name;

	return sides_open(&diff->room, &from, &to, &diff->from, &diff->to, err);
}

static bool choose(struct diff *diff, struct error *err)
{
	const struct side_choice choice = {.context = diff->context,
	                                   .filter = &diff->filter,
	                                   .from = &diff->from,
	                                   .to = &diff->to,
	                                   .is_strict = option_is_given(diff->context, "--strict")};

	return sides_choose(&choice, err);
}

/* --- renames ---------------------------------------------------------------------- */

/* What was said on the command line comes before what the files say. */
static bool rename_objects(struct diff *diff, struct error *err)
{
	for (size_t i = 0; i < diff->to.renames.count; i++)
		*ARENA_PUSH(diff->context->arena, diff->hints.items, diff->hints.count) = diff->to.renames.items[i];
	if (!rename_question_ask(diff->context, &diff->from.catalog, &diff->to.catalog, &diff->hints, err))
		return false;
	const struct renaming_options options = {.room = &diff->room,
	                                         .from = &diff->from,
	                                         .to = &diff->to,
	                                         .hints = &diff->hints,
	                                         .filter = &diff->filter,
	                                         .parts = diff->parts};
	return renaming_make(&options, &diff->renaming, err);
}

/* --- what comes out --------------------------------------------------------------- */

/* Objects that differ. */
static bool wants_tree(const struct diff *diff)
{
	return option_is_given(diff->context, "--tree") || reporter_is_json(diff->context->reporter);
}

static bool wants_files(const struct diff *diff)
{
	return option_is_given(diff->context, "--up") || option_is_given(diff->context, "--down");
}

static bool make_pair(struct diff *diff, struct error *err)
{
	const struct change_pair_options options = {.room = &diff->room,
	                                            .from = &diff->from,
	                                            .to = &diff->to,
	                                            .filter = &diff->filter,
	                                            .renaming = &diff->renaming,
	                                            .parts = diff->parts,
	                                            .is_online = option_is_given(diff->context, "--online"),
	                                            .is_proved = !option_is_given(diff->context, "--no-proof")};

	return change_pair_make(&options, &diff->pair, err);
}

static bool save(const struct diff *diff, const char *flag, const struct change_script *script,
                 struct error *err)
{
	const char *path = option_value(diff->context, flag);

	return !path || change_script_save(script, path, diff->context->arena, err);
}

static void tell_proof(const struct diff *diff)
{
	const struct context *context = diff->context;

	if (option_is_given(context, "--no-proof"))
		event_note(context->reporter, "not proved");
	else
		event_note(context->reporter,
		           "proved on PostgreSQL %d, up and down; tables that got rows and kept them: %zu",
		           diff->room.major, diff->pair.proof.seeded);
}

static bool print_sql(struct diff *diff, struct error *err)
{
	const struct context *context = diff->context;

	if (!make_pair(diff, err) || !save(diff, "--up", &diff->pair.up, err) ||
	    !save(diff, "--down", &diff->pair.down, err))
		return false;
	change_script_report(&diff->pair.up, "up", diff->context);
	change_script_report(&diff->pair.down, "down", diff->context);
	if (!wants_files(diff) && !reporter_is_json(context->reporter))
		report_verbatim(context->reporter, change_script_whole(&diff->pair.up, context->arena));
	tell_proof(diff);
	return true;
}

static bool print_changes(struct diff *diff, struct error *err)
{
	if (wants_tree(diff))
		changes_tree_print(&diff->changes, diff->context->arena, diff->context->reporter);
	return (option_is_given(diff->context, "--tree") && !wants_files(diff)) || print_sql(diff, err);
}

/* Standard output is for the SQL, where that is printed. */
static void tell_summary(const struct diff *diff, const char *summary, size_t count)
{
	if (count && !wants_tree(diff))
		event_note(diff->context->reporter, "%s", summary);
	else
		event_done(diff->context->reporter, summary, -1, (int64_t)count);
}

static const char *summary_of(const struct diff *diff)
{
	struct arena *arena = diff->context->arena;
	const char *changes = changes_summary(&diff->changes, arena);

	if (diff->renaming.count)
		return arena_printf(arena, "%zu renamed%s%s", diff->renaming.count, *changes ? ", " : "", changes);
	return *changes ? changes
	                : arena_printf(arena, "%s and %s are the same", diff->from.title, diff->to.title);
}

static bool conclude(const struct diff *diff, struct error *err)
{
	const struct context *context = diff->context;
	const size_t count = diff->changes.count + diff->renaming.count;
	const char *summary = summary_of(diff);

	if (count && option_is_given(context, "--exit-code"))
		return error_set(err, ERROR_VERDICT, "%s", summary);
	tell_summary(diff, summary, count);
	return true;
}

static bool cmd_diff(struct context *context, struct error *err)
{
	scoped_diff struct diff diff = {.context = context};

	if (!fingerprint_parts_choose(context, &diff.parts, err) || !name_sides(&diff, err) ||
	    !open_filter(&diff, err) || !rename_option_read(context, &diff.hints, err) ||
	    !read_server(&diff, err) || !open_sides(&diff, err) || !choose(&diff, err))
		return false;
	if (!rename_objects(&diff, err))
		return false;
	catalog_compare(&diff.renaming.catalog, &diff.to.catalog, diff.parts, context->arena, &diff.changes);
	return ((!diff.changes.count && !diff.renaming.count) || print_changes(&diff, err)) &&
	       conclude(&diff, err);
}

static const struct option_row options[] = {
    {"--tree", 0, NULL, "print what differs, grouped by schema and table, instead of SQL"},
    {"--up", 0, "FILE", "write the SQL from FROM to TO into FILE"},
    {"--down", 0, "FILE", "write the SQL from TO to FROM into FILE"},
    {"--plain", 0, NULL, "the shortest SQL, in one transaction where that can be (the default)"},
    {"--online", 0, NULL, "SQL that locks less, in more steps"},
    {"--no-proof", 0, NULL, "do not try the SQL on a scratch server first"},
    {"--rename", 0, "LIST", "what was renamed: table:app.clients=customers, column:app.t.a=b"},
    {"--exit-code", 0, NULL, "exit with 3 if there is a difference"},
    {"--ignore", 0, "LIST", "leave out: owner, acl, comment, label"},
    {"--with", 0, "LIST", "include: tablespace, column-order"},
    {"--schemas", 0, "PATTERNS", "compare only these schemas"},
    {"--exclude-schemas", 0, "PATTERNS", "leave out these schemas"},
    {"--exclude", 0, "PATTERNS", "leave out tables, views, functions, types with these names"},
    {"--ignore-partitions-of", 0, "PATTERNS", "leave out the partitions of these tables"},
    {"--strict", 0, NULL, "fail if there is an object of a kind that rung does not know"},
    {"--server", 0, "URL", "build files and migrations on this server, in databases that are dropped again"},
    {0},
};

const struct command command_diff = {
    .name = "diff",
    .operands = "FROM TO",
    .help = &HELP_diff,
    .group = GROUP_LOOK,
    .needs = TAKES_URLS,
    .least_operands = 2,
    .most_operands = 2,
    .options = options,
    .run = cmd_diff,
};
