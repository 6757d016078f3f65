/*
 * Verbs that write files load them by themselves, and not before the verb as others do: they may be what
 * creates the directory, and must be in the root of the project, as a path relative to a place below it
 * would make a second schema/ there.
 *
 * The same table says what would be done and what was: a dry run in other words than the run is one that
 * cannot be compared with it.
 */
#include "command/project/migration_files.h"

#include <string.h>

#include "base/file.h"
#include "command/project/parent_project.h"
#include "report/table.h"

bool migration_files_load(struct context *context, struct error *err)
{
	const struct tree_options options = {
	    .schema_dir = setting_text(context->settings, SETTING_SCHEMA_DIR),
	    .rollback_dir = setting_text(context->settings, SETTING_ROLLBACK_DIR),
	    .boundary = context->boundary,
	};

	return project_check_root(context, err) && project_check_alone(context, err) &&
	       directory_create(options.schema_dir, 0755, err) &&
	       tree_load(&options, context->arena, &context->tree, err);
}

bool migration_files_read(const char *path, struct arena *arena, struct str *out, struct error *err)
{
	enum { MOST = 1024 * 1024 * 1024 };

	return file_read(path, MOST, ERROR_FILES, arena, out, err);
}

static const struct column columns[] = {
    {"action", "Did", COLUMN_TEXT},
    {"path", "File", COLUMN_TEXT},
    {"from", "From", COLUMN_TEXT},
    {0},
};

static const struct {
	const char *done;
	const char *planned;
} actions[] = {
    {"created", "would create"},
    {"updated", "would update"},
    {"renamed", "would rename"},
};

/* Which of the actions. */
static size_t action_of(const struct change *change)
{
	if (!change->from)
		return 0;
	return strcmp(change->from, change->to) == 0 ? 1 : 2;
}

static const char *line_of(const struct change *change, const char *action, struct arena *arena)
{
	if (action_of(change) == 2)
		return arena_printf(arena, "%s %s to %s\n", action, change->from, change->to);
	return arena_printf(arena, "%s %s\n", action, change->to);
}

void migration_files_say(struct context *context, const struct rewrite *rewrite, bool is_done)
{
	struct table table = {.type = "file", .columns = columns, .arena = context->arena};

	for (size_t i = 0; i < rewrite->count; i++) {
		const struct change *change = &rewrite->changes[i];
		const size_t which = action_of(change);
		const char *action = is_done ? actions[which].done : actions[which].planned;

		if (reporter_is_json(context->reporter))
			table_row(&table, (const char *[]){action, change->to, which == 2 ? change->from : NULL});
		else
			report_text(context->reporter, line_of(change, action, context->arena));
	}
	table_print(&table, context->reporter);
}
