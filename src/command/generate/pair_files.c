/*
 * A script that was proved and the file that is made of it are two things: the file is cut into statements by
 * another reader, has directives that decide how it runs, and may hold what is a variable there. So the last
 * word is had by the files themselves.
 *
 * They are alone in their directory and their history, as migrations before them may be branches, run last,
 * or be irreversible, which is nothing of theirs.
 */
#include "command/generate/pair_files.h"

#include <stdlib.h>

#include "base/file.h"
#include "command/database/database.h"

/* --- writing ----------------------------------------------------------------- */

static bool make_directory(struct pair_files *files, struct error *err)
{
	const char *base = getenv("TMPDIR");
	char *path = path_join(files->context->arena, base && *base ? base : "/tmp", "rung-draft-XXXXXX");

	if (!mkdtemp(path))
		return error_set(err, ERROR_STORAGE, "could not create a directory like \"%s\": %m", path);
	files->directory = path;
	return true;
}

static bool write(const char *directory, const char *name, struct str text, struct error *err)
{
	scoped_arena struct arena arena = {0};

	return directory_create(directory, 0700, err) &&
	       file_write_new(path_join(&arena, directory, name), text, 0600, err);
}

static bool write_pairs(const struct new_pairs *pairs, const struct tree_options *where, struct error *err)
{
	for (size_t i = 0; i < pairs->count; i++) {
		const struct new_pair *pair = &pairs->items[i];

		if (!write(where->schema_dir, pair->up_name, pair->up, err) ||
		    !write(where->rollback_dir, pair->down_name, pair->down, err))
			return false;
	}
	return true;
}

/* --- reading --------------------------------------------------------------------- */

/* What they require is not there. */
static void straighten(struct tree *tree)
{
	size_t count = 0;

	for (size_t i = 0; i < tree->count; i++) {
		tree->migrations[i].directives.branch = NULL;
		tree->migrations[i].directives.require_count = 0;
	}
	for (size_t i = 0; i < tree->finding_count; i++)
		if (tree->findings[i].kind != FINDING_BAD_REQUIRES)
			tree->findings[count++] = tree->findings[i];
	tree->finding_count = count;
}

static bool write_and_load(struct pair_files *files, const struct new_pairs *pairs, struct error *err)
{
	struct arena *arena = files->context->arena;

	if (!make_directory(files, err))
		return false;
	files->directories[0] = files->directory;
	files->boundary = (struct boundary){.directories = files->directories};
	const struct tree_options where = {.schema_dir = path_join(arena, files->directory, "schema"),
	                                   .rollback_dir = path_join(arena, files->directory, "rollback"),
	                                   .display_root = files->directory,
	                                   .boundary = &files->boundary};
	if (!write_pairs(pairs, &where, err) || !tree_load(&where, arena, &files->tree, err))
		return false;
	straighten(&files->tree);
	return tree_check(&files->tree, err);
}

bool pair_files_open(struct context *context, const struct new_pairs *pairs, struct pair_files *out,
                     struct error *err)
{
	*out = (struct pair_files){.context = context};
	return write_and_load(out, pairs, err);
}

void pair_files_close(struct pair_files *files)
{
	struct error ignored;

	if (files->directory && !files->is_kept)
		(void)!directory_remove(files->directory, &ignored);
	files->directory = NULL;
}

bool pair_files_keep(struct pair_files *files, struct error *err)
{
	const char *hint = arena_strdup(files->context->arena, err->hint);

	if (err->kind == ERROR_CANCELLED)
		return false;
	files->is_kept = true;
	return error_hint(err, "%s%sThe draft is in %s.", hint, *hint ? " " : "", files->directory);
}

/* --- running ----------------------------------------------------------------------- */

static bool make_history_schema(const char *conninfo, struct error *err)
{
	const struct session_options options = {.conninfo = conninfo, .application_name = "rung"};
	scoped_session struct session *db = NULL;

	return session_open(&options, &db, err) &&
	       execute(db, "CREATE SCHEMA IF NOT EXISTS " PAIR_FILES_SCHEMA, NO_PARAMS, err);
}

bool pair_files_step(struct pair_files *files, const char *conninfo, enum direction direction,
                     struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct migrate_options options;
	struct migrate_result result;

	if (!make_history_schema(conninfo, err) ||
	    !migrate_options_for_scratch(files->context, conninfo, &files->tree, direction, &options, err))
		return false;
	options.history.schema = PAIR_FILES_SCHEMA;
	options.target = direction == DIRECTION_UP ? "+1" : "-1";
	options.scripts.root = files->directory;
	options.scripts.boundary = &files->boundary;
	if (migrate_run(&options, NULL, &arena, &result, err))
		return true;
	err->state[0] = '\0'; /* of a database that nobody else has */
	return false;
}
