/*
 * Names alone by default, one a line: the usual reader is a person or a shell who wants to know whether
 * there is more than one. JSON and --verbose have the files, too. Without migrations there is no error, as
 * a project begins so.
 */
#include "base/number_text.h"
#include "command/commands.h"
#include "report/property.h"

static const struct column columns[] = {
    {"version", NULL, COLUMN_NUMBER},
    {"name", "Migration", COLUMN_TEXT},
    {"branch", "Branch", COLUMN_TEXT},
    {"file", "File", COLUMN_TEXT},
    {0},
};

static void print_name(struct context *context, const struct migration *migration)
{
	const char *branch = migration->directives.branch;

	report_text(context->reporter, branch ? arena_printf(context->arena, "%s (%s)\n", migration->name, branch)
	                                      : arena_printf(context->arena, "%s\n", migration->name));
}

static bool cmd_heads(struct context *context, struct error *err)
{
	struct table table = {.type = "head", .columns = columns, .arena = context->arena};
	const bool as_table = reporter_is_json(context->reporter) || reporter_is_verbose(context->reporter);
	const struct migration **heads;
	const size_t count = tree_heads(&context->tree, context->arena, &heads);

	(void)err;
	for (size_t i = 0; i < count; i++) {
		table_row(&table, (const char *[]){number_text(context->arena, heads[i]->number), heads[i]->name,
		                                   heads[i]->directives.branch, heads[i]->shown_path});
		if (!as_table)
			print_name(context, heads[i]);
	}
	if (as_table)
		table_print(&table, context->reporter);
	if (count == 0)
		event_note(context->reporter, "no migrations yet");
	return true;
}

const struct command command_heads = {
    .name = "heads",
    .operands = "",
    .help = &HELP_heads,
    .group = GROUP_LOOK,
    .needs = NEEDS_TREE,
    .run = cmd_heads,
};
