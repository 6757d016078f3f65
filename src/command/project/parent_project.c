/*
 * With rung.ini the root is found from below, as git does. Without it every directory could be one, and a
 * command typed in schema/ would make schema/schema. So a directory above that looks like a root stops
 * verbs that would begin a project, and for the others the error says where the project is.
 *
 * "Looks like" is a guess and must not be wrong often: a directory called schema is common, so it has to
 * hold a migration or have a rollback/ beside it.
 *
 * The other way round, rung.ini somewhere above and a project's files here, is refused too: either may be
 * meant, and the wrong one would be migrated.
 */
#include "command/project/parent_project.h"

#include <string.h>

#include "base/file.h"
#include "migration/name.h"

static bool holds_migration(const char *directory, struct arena *arena)
{
	struct directory files;
	struct error ignored;

	if (!directory_read(directory, arena, &files, &ignored))
		return false;
	for (size_t i = 0; i < files.count; i++)
		if (name_parse(files.names[i]).role == NAME_MIGRATION)
			return true;
	return false;
}

/* A directory called schema is no rare thing: it has migrations, or rollback/ beside it. */
static bool is_root(const char *directory, struct arena *arena)
{
	const char *schema = path_join(arena, directory, setting_rows[SETTING_SCHEMA_DIR].fallback);

	return directory_exists(schema) &&
	       (directory_exists(path_join(arena, directory, setting_rows[SETTING_ROLLBACK_DIR].fallback)) ||
	        holds_migration(schema, arena));
}

static bool is_here(const struct context *context)
{
	const char *schema = setting_text(context->settings, SETTING_SCHEMA_DIR);

	return context->settings->ini_path || !schema || directory_exists(schema) ||
	       setting_is_of_caller(context->settings, SETTING_SCHEMA_DIR);
}

const char *parent_project(const struct context *context)
{
	struct arena *arena = context->arena;

	if (is_here(context))
		return NULL;
	for (char *at = path_working_directory(arena); strcmp(at, "/") != 0;) {
		at = path_directory(arena, at);
		if (is_root(at, arena))
			return at;
	}
	return NULL;
}

bool project_check_root(const struct context *context, struct error *err)
{
	const char *root = parent_project(context);

	if (!root)
		return true;
	error_set(err, ERROR_USAGE, "this directory is inside the project in \"%s\"", root);
	return error_hint(err,
	                  "Go there first (cd %s), or mark it once as the root: touch %s. To start a separate "
	                  "project here: touch rung.ini",
	                  shell_word(context->arena, root),
	                  shell_word(context->arena, path_join(context->arena, root, "rung.ini")));
}

/* rung.ini above a directory of another project's files: neither is more likely to be meant. */
static bool is_between_two(const struct context *context)
{
	const struct settings *settings = context->settings;
	struct arena *arena = context->arena;
	const char *here = path_working_directory(arena);
	const char *schema = setting_text(settings, SETTING_SCHEMA_DIR);

	return settings->ini_path && schema && strcmp(path_normalize(arena, settings->project_dir), here) != 0 &&
	       !setting_is_of_caller(settings, SETTING_SCHEMA_DIR) && is_root(here, arena) &&
	       strcmp(path_directory(arena, path_normalize(arena, schema)), here) != 0;
}

bool project_check_alone(const struct context *context, struct error *err)
{
	const char *root = context->settings->project_dir;

	if (!is_between_two(context))
		return true;
	error_set(err, ERROR_USAGE,
	          "this directory holds migrations of its own, and rung.ini makes \"%s\" the project",
	          path_normalize(context->arena, root));
	return error_hint(err,
	                  "For the project above: cd %s. To make this one a project of its own: touch rung.ini",
	                  shell_word(context->arena, path_normalize(context->arena, root)));
}

bool project_hint_above(const struct context *context, struct error *err)
{
	const char *root = parent_project(context);
	const char *before = arena_strdup(context->arena, err->hint);

	if (!root)
		return false;
	return error_hint(err, "The project is in \"%s\": go there, or mark it once as the root: touch %s%s%s",
	                  root, shell_word(context->arena, path_join(context->arena, root, "rung.ini")),
	                  *before ? ". Otherwise: " : "", before);
}
