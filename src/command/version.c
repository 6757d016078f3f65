#include "command/commands.h"
#include "pg/session.h"
#include "report/table.h"

/* libpq speaks as servers do: 150020 is 15.20. */
static char *libpq_version(struct arena *arena)
{
	const int version = session_library_version();

	return arena_printf(arena, "%d.%d", version / 10000, version % 10000);
}

static bool cmd_version(struct context *context, struct error *err)
{
	static const struct column columns[] = {
	    {"program", "Program", COLUMN_TEXT}, {"version", "Version", COLUMN_TEXT}, {0}};
	struct table table = {.type = "version", .columns = columns, .arena = context->arena};

	(void)err;
	table_row(&table, (const char *[]){"rung", RUNG_VERSION});
	table_row(&table, (const char *[]){"libpq", libpq_version(context->arena)});
	if (reporter_is_json(context->reporter) || reporter_is_verbose(context->reporter)) {
		table_print(&table, context->reporter);
		return true;
	}
	report_text(context->reporter, arena_printf(context->arena, "rung %s (libpq %s)\n", RUNG_VERSION,
	                                            libpq_version(context->arena)));
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
