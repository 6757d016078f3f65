/*
 * A revision is run by the same code as the project's files; only where they are is another place. What its
 * rollbacks were is not asked: nothing goes down. Settings are those of today, as rung.ini of the revision
 * may say things that must not be obeyed (a database, hooks).
 */
#include "command/generate/side_migrations.h"

#include <string.h>

#include "base/boundary.h"
#include "base/file.h"
#include "command/database/database.h"
#include "command/generate/git_checkout.h"
#include "command/project/parent_project.h"

/* Files as they are, or those of a checkout, which then stands for the project. */
struct source_files {
	struct git_checkout checkout;
	struct boundary boundary;
	const char *directories[2];
	struct tree tree;
};

static void source_files_clear(struct source_files *files)
{
	git_checkout_close(&files->checkout);
}
#define scoped_source_files SCOPED(source_files_clear)

/* Below the project's root, as git has it. */
static bool find_below(const struct context *context, const char **out, struct error *err)
{
	const char *root = path_normalize(context->arena, context->settings->project_dir);
	const char *schema = path_normalize(context->arena, setting_text(context->settings, SETTING_SCHEMA_DIR));

	if (!path_is_inside(schema, root) || strcmp(schema, root) == 0)
		return error_set(err, ERROR_USAGE,
		                 "a revision of git can be compared only where the migrations (\"%s\") are below the "
		                 "root of the project",
		                 schema);
	*out = schema + strlen(root) + 1;
	return true;
}

static bool load_revision(const struct side_migrations_options *options, struct source_files *out,
                          struct error *err)
{
	struct context *context = options->context;
	const char *below = NULL;

	if (!find_below(context, &below, err) ||
	    !git_checkout_open(context->settings->project_dir, below, options->name->detail, context->arena,
	                       &out->checkout, err))
		return false;
	out->directories[0] = out->checkout.directory;
	out->boundary = (struct boundary){.directories = out->directories};
	const struct tree_options tree_options = {
	    .schema_dir = path_join(context->arena, out->checkout.directory, below),
	    .rollback_dir = path_join(context->arena, out->checkout.directory, "no-rollbacks"),
	    .display_root = out->checkout.directory,
	    .boundary = &out->boundary,
	};
	return tree_load(&tree_options, context->arena, &out->tree, err);
}

static bool load_project(struct context *context, struct source_files *out, struct error *err)
{
	const struct tree_options options = {
	    .schema_dir = setting_text(context->settings, SETTING_SCHEMA_DIR),
	    .rollback_dir = setting_text(context->settings, SETTING_ROLLBACK_DIR),
	    .boundary = context->boundary,
	};

	return project_check_alone(context, err) && tree_load(&options, context->arena, &out->tree, err) &&
	       tree_check(&out->tree, err);
}

static bool load_files(const struct side_migrations_options *options, struct source_files *out,
                       struct error *err)
{
	if (options->name->kind == SIDE_GIT)
		return load_revision(options, out, err);
	if (!options->name->files)
		return load_project(options->context, out, err);
	out->tree = *options->name->files;
	return true;
}

/* A history in a schema of its own expects an administrator to have made that. */
static bool make_history_schema(const struct side_migrations_options *options,
                                const struct qualified_name *history, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_session struct session *db = NULL;
	const struct session_options session = {.conninfo = options->conninfo, .application_name = "rung"};

	if (strcmp(history->schema, "public") == 0)
		return true;
	const char *sql =
	    arena_printf(&arena, "CREATE SCHEMA IF NOT EXISTS %s", quote_name(&arena, history->schema));
	return session_open(&session, &db, err) && execute(db, sql, NO_PARAMS, err);
}

/* Roles that were made beside the migrations are made when the first one is missed. */
static bool run(const struct side_migrations_options *options, const struct migrate_options *run_options,
                struct error *err)
{
	struct migrate_result result;

	while (!migrate_run(run_options, NULL, options->context->arena, &result, err))
		if (err->kind != ERROR_SQL || !prerequisites_make_role(options->prerequisites, err, options->beside))
			return false;
	return true;
}

bool side_migrations_run(const struct side_migrations_options *options, struct error *err)
{
	scoped_source_files struct source_files files = {0};
	const bool is_revision = options->name->kind == SIDE_GIT;
	struct migrate_options run_options;

	if (!load_files(options, &files, err))
		return false;
	if (!migrate_options_for_scratch(options->context, options->conninfo, &files.tree, DIRECTION_UP,
	                                 &run_options, err) ||
	    !make_history_schema(options, &run_options.history, err))
		return false;
	run_options.target = is_revision || !options->name->detail ? "heads" : options->name->detail;
	run_options.plan_options.allow_out_of_order = true;
	run_options.allow_empty = true;
	if (is_revision) {
		run_options.scripts.root = files.checkout.directory;
		run_options.scripts.boundary = &files.boundary;
	}
	if (options->name->boundary)
		run_options.scripts.boundary = options->name->boundary;
	return !files.tree.count || run(options, &run_options, err);
}
