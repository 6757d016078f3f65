/*
 * A directory may hold a file that includes the others in an order that somebody thought of, as
 * 00_master_schema.sql does. Its includes and the files it includes are the same text, and to run it twice
 * would make every CREATE fail. So a file that another one includes is not read on its own.
 */
#include "command/generate/desired_files.h"

#include <string.h>

#include "base/file.h"

struct path_list {
	const char **items;
	size_t count;
};

/* Names that begin with a dot are nobody's schema: .git, an editor's. */
static bool find_files(const char *directory, struct arena *arena, struct path_list *out, struct error *err)
{
	struct directory found;

	if (!directory_read(directory, arena, &found, err))
		return false;
	for (size_t i = 0; i < found.count; i++) {
		const char *path = path_join(arena, directory, found.names[i]);

		if (found.names[i][0] == '.')
			continue;
		if (directory_exists(path) && !find_files(path, arena, out, err))
			return false;
		if (str_ends(str_of(path), ".sql") && file_exists(path))
			*ARENA_PUSH(arena, out->items, out->count) = path;
	}
	return true;
}

static void read_statements(struct desired_file *out, struct arena *arena)
{
	for (size_t i = 0; i < out->script.count; i++) {
		const struct statement *statement = &out->script.statements[i];
		const struct desired_statement facts = desired_statement_read(statement, arena);

		*ARENA_PUSH(arena, out->items, out->count) =
		    (struct desired_item){.statement = statement, .facts = facts};
		out->sets_body_check |= facts.sets_body_check;
	}
}

static bool load_file(const char *path, const struct script_options *options, struct arena *arena,
                      struct desired_file *out, struct error *err)
{
	if (!script_load(path, options, arena, &out->script, err))
		return false;
	read_statements(out, arena);
	return true;
}

bool desired_text_load(struct str text, const char *name, const struct script_options *scripts,
                       struct arena *arena, struct desired_files *out, struct error *err)
{
	out->items = arena_new(arena, struct desired_file);
	if (!script_parse(text, name, scripts, arena, &out->items->script, err))
		return false;
	out->count = 1;
	read_statements(out->items, arena);
	return true;
}

/* --- what is included ---------------------------------------------------- */

static const struct source *own_source(const struct desired_file *file)
{
	return file->script.sources[0];
}

static bool includes(const struct desired_file *file, const char *real_path)
{
	for (size_t i = 1; i < file->script.source_count; i++)
		if (strcmp(file->script.sources[i]->real_path, real_path) == 0)
			return true;
	return false;
}

/* The file on its own goes; its statements stay where they are included. */
static void drop_included(struct desired_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		for (size_t j = 0; j < files->count; j++)
			if (i != j && includes(&files->items[j], own_source(&files->items[i])->real_path))
				files->items[i].count = 0;
}

/* --- all ------------------------------------------------------------------ */

static bool load_all(const struct path_list *paths, const struct script_options *options, struct arena *arena,
                     struct desired_files *out, struct error *err)
{
	out->items = arena_array(arena, struct desired_file, paths->count);
	for (size_t i = 0; i < paths->count; i++)
		if (!load_file(paths->items[i], options, arena, &out->items[out->count++], err))
			return false;
	drop_included(out);
	return true;
}

bool desired_files_load(const char *path, const struct script_options *scripts, struct arena *arena,
                        struct desired_files *out, struct error *err)
{
	struct script_options options = *scripts;
	struct path_list paths = {0};

	if (directory_exists(path)) {
		options.root = path;
		if (!find_files(path, arena, &paths, err))
			return false;
	} else {
		options.root = path_directory(arena, path);
		*ARENA_PUSH(arena, paths.items, paths.count) = path;
	}
	options.display_root = NULL;
	if (!paths.count)
		return error_set(err, ERROR_FILES, "there is no .sql file in \"%s\"", path);
	return load_all(&paths, &options, arena, out, err);
}

void desired_files_clear(struct desired_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		script_clear(&files->items[i].script);
	files->count = 0;
}
