/*
 * What is compared are two databases, whatever the sides were: one that is there is looked at, all else is
 * made into one on a scratch server. So nothing here reads SQL to know what it means, and a diff of two files
 * is as exact as one of two databases.
 *
 * Nothing is ever written to a database that was named: those are looked at in one transaction that only
 * reads.
 */
#include "base/number_text.h"
#include "catalog/catalog_changes.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/database/fingerprint_parts.h"
#include "command/generate/catalog_filter.h"
#include "command/generate/changes_tree.h"
#include "command/generate/side.h"
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
};

static void diff_close(struct diff *diff)
{
	side_close(&diff->from);
	side_close(&diff->to);
	side_room_close(&diff->room);
	catalog_filter_close(&diff->filter);
}
#define scoped_diff SCOPED(diff_close)

/* --- options ------------------------------------------------------------------ */

static bool open_filter(struct diff *diff, struct error *err)
{
	const struct context *context = diff->context;
	const struct catalog_filter_options options = {
	    .schemas = option_value(context, "--schemas"),
	    .exclude_schemas = option_value(context, "--exclude-schemas"),
	    .exclude = option_value(context, "--exclude"),
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
	struct side_name from;
	struct side_name to;

	return side_name_parse(diff->context->operands[0], diff->context->arena, &from, err) &&
	       side_name_parse(diff->context->operands[1], diff->context->arena, &to, err) &&
	       sides_open(&diff->room, &from, &to, &diff->from, &diff->to, err);
}

static void warn_of_side(const struct diff *diff, const struct side *side)
{
	const struct catalog *catalog = &side->catalog;

	for (size_t i = 0; i < catalog->unmodelled_count; i++)
		event_warning(diff->context->reporter, "not compared, as rung does not know its kind: %s, in %s",
		              display_line(diff->context->arena, catalog->unmodelled[i]), side->title);
	for (size_t i = 0; i < catalog->count; i++)
		if (!object_counts(catalog->objects[i]))
			event_warning(diff->context->reporter, "counts as absent, as it is invalid: index %s, in %s",
			              display_line(diff->context->arena, catalog->objects[i]->identity), side->title);
}

static bool warn(const struct diff *diff, struct error *err)
{
	const size_t count = diff->from.catalog.unmodelled_count + diff->to.catalog.unmodelled_count;

	warn_of_side(diff, &diff->from);
	warn_of_side(diff, &diff->to);
	if (!count || !option_is_given(diff->context, "--strict"))
		return true;
	error_set(err, ERROR_VERDICT, "%zu object%s of a kind that rung does not know", count, plural(count));
	return error_hint(err, "Without --strict everything else is compared.");
}

static void filter(struct diff *diff)
{
	struct name_list left_alone = {0};

	catalog_filter_apply(&diff->filter, diff->context->arena, &diff->from.catalog, &left_alone);
	catalog_filter_apply(&diff->filter, diff->context->arena, &diff->to.catalog, &left_alone);
	for (size_t i = 0; i < left_alone.count; i++)
		event_note(diff->context->reporter, "schema %s is left alone: it belongs to an extension",
		           display_line(diff->context->arena, left_alone.items[i]));
}

/* --- what comes out --------------------------------------------------------------- */

static bool conclude(const struct diff *diff, struct error *err)
{
	const struct context *context = diff->context;

	if (!diff->changes.count) {
		event_done(context->reporter,
		           arena_printf(context->arena, "%s and %s are the same", diff->from.title, diff->to.title),
		           -1, 0);
		return true;
	}
	const char *summary = changes_summary(&diff->changes, context->arena);
	if (option_is_given(context, "--exit-code"))
		return error_set(err, ERROR_VERDICT, "%s", summary);
	event_done(context->reporter, summary, -1, (int64_t)diff->changes.count);
	return true;
}

static bool cmd_diff(struct context *context, struct error *err)
{
	scoped_diff struct diff diff = {.context = context};

	if (!fingerprint_parts_choose(context, &diff.parts, err) || !open_filter(&diff, err) ||
	    !read_server(&diff, err) || !open_sides(&diff, err) || !warn(&diff, err))
		return false;
	filter(&diff);
	catalog_compare(&diff.from.catalog, &diff.to.catalog, diff.parts, context->arena, &diff.changes);
	changes_tree_print(&diff.changes, context->arena, context->reporter);
	return conclude(&diff, err);
}

static const struct option_row options[] = {
    {"--tree", 0, NULL, "print what differs, grouped by schema and table"},
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
