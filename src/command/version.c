/*
 * Plain "rung version" is asked by scripts and by people whose installation is broken: it needs no
 * settings, and loads no library.
 */
#include "command/commands.h"
#include "pg/session.h"
#include "report/table.h"

/* libpq speaks as servers do: 150020 is 15.20. */
static bool libpq_version(struct arena *arena, const char **out, struct error *err)
{
	int version;

	if (!session_library_version(&version, err))
		return false;
	*out = arena_printf(arena, "%d.%d", version / 10000, version % 10000);
	return true;
}

static bool print_all(struct context *context, struct error *err)
{
	const char *libpq;
	static const struct column columns[] = {
	    {"program", "Program", COLUMN_TEXT}, {"version", "Version", COLUMN_TEXT}, {0}};
	struct table table = {.type = "version", .columns = columns, .arena = context->arena};

	if (!libpq_version(context->arena, &libpq, err))
		return false;
	table_row(&table, (const char *[]){"rung", RUNG_VERSION});
	table_row(&table, (const char *[]){"libpq", libpq});
	table_print(&table, context->reporter);
	return true;
}

/* Which libpq there is only the library knows: it is loaded for those who want to hear of it. */
static bool cmd_version(struct context *context, struct error *err)
{
	if (reporter_is_json(context->reporter) || reporter_is_verbose(context->reporter))
		return print_all(context, err);
	report_text(context->reporter, "rung " RUNG_VERSION "\n");
	return true;
}

const struct command command_version = {
    .name = "version",
    .operands = "",
    .help = &HELP_version,
    .group = GROUP_OTHER,
    .needs = NEEDS_NO_SETTINGS,
    .run = cmd_version,
};
