/*
 * The schema of a side as SQL is what leads to it from an empty database, so there is nothing to be written
 * here that diff does not write; and it is proved in the same way, by being loaded.
 *
 * In a directory each object has a file, so that a review shows whose text changed. Statements belong to what
 * is at the top of what they are about: a table with its indexes, its triggers, its comments. Files that need
 * each other cannot be in an order, so nothing is said of one: "rung diff" reads a directory in any.
 */
#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/generate/catalog_filter.h"
#include "command/generate/change_pair.h"
#include "config/url.h"

struct export
{
	struct context *context;
	struct side_room room;
	struct side from;
	struct side what;
	struct catalog_filter filter;
	struct change_pair pair;
};

static void export_close(struct export *export)
{
	side_close(&export->from);
	side_close(&export->what);
	side_room_close(&export->room);
	catalog_filter_close(&export->filter);
}
#define scoped_export SCOPED(export_close)

/* --- making it ------------------------------------------------------------------ */

static bool open_sides(struct export *export, struct error *err)
{
	const struct context *context = export->context;
	const char *server = option_value(context, "--server");
	const char *given = option_value(context, "--from");
	struct side_name empty;
	struct side_name what;

	export->room.context = export->context;
	export->room.server_url = server ? url_for_libpq(context->arena, server) : NULL;
	return (!server || database_check(context, export->room.server_url, err)) &&
	       side_name_parse("empty", context->arena, &empty, err) &&
	       side_name_parse(given ? given : "live", context->arena, &what, err) &&
	       sides_open(&export->room, &empty, &what, &export->from, &export->what, err);
}

static bool make(struct export *export, struct error *err)
{
	const struct context *context = export->context;
	const struct catalog_filter_options chosen = {.schemas = option_value(context, "--schemas"),
	                                              .exclude_schemas =
	                                                  option_value(context, "--exclude-schemas"),
	                                              .exclude = option_value(context, "--exclude")};
	const struct change_pair_options options = {.room = &export->room,
	                                            .from = &export->from,
	                                            .to = &export->what,
	                                            .filter = &export->filter,
	                                            .parts = PARTS_USUAL,
	                                            .is_one_way = true,
	                                            .is_proved = !option_is_given(context, "--no-proof")};
	struct name_list left_alone = {0};

	if (!catalog_filter_open(&chosen, context->arena, &export->filter, err))
		return false;
	catalog_filter_apply(&export->filter, context->arena, &export->from.catalog, &left_alone);
	catalog_filter_apply(&export->filter, context->arena, &export->what.catalog, &left_alone);
	return change_pair_make(&options, &export->pair, err);
}

/* --- a file for each object -------------------------------------------------------- */

struct export_file {
	const char *path; /* below the directory */
	struct buffer text;
};

struct export_files {
	struct arena *arena;
	struct export_file *items;
	size_t count;
};

/* Of a name that may hold anything what any file system takes; the rest as %XX. */
static const char *safe_name(const char *name, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	for (; *name; name++)
		if (isalnum((unsigned char)*name) || strchr("_-$", *name))
			buffer_char(&out, *name);
		else if (*name != '"')
			buffer_printf(&out, "%%%02X", (unsigned char)*name);
	return buffer_cstr(&out);
}

/* app/table/items.sql; what lies in no schema is beside the schemas: extension/pgcrypto.sql. */
static const char *path_of(const struct object *object, struct arena *arena)
{
	while (object->parent)
		object = object->parent;
	const char *kind = safe_name(object->kind->name, arena);
	const char *name = safe_name(object->name ? object->name : object->identity, arena);
	if (object->schema)
		return arena_printf(arena, "%s/%s/%s.sql", safe_name(object->schema, arena), kind, name);
	return arena_printf(arena, "%s/%s.sql", kind, name);
}

static struct export_file *find_file(struct export_files *files, const char *path)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->items[i].path, path) == 0)
			return &files->items[i];
	struct export_file *made = ARENA_PUSH(files->arena, files->items, files->count);
	*made = (struct export_file){path, {.arena = files->arena}};
	return made;
}

static void fill_files(struct export_files *files, const struct change_script *script)
{
	for (size_t i = 0; i < script->count; i++) {
		struct export_file *file = find_file(files, path_of(script->statements[i].object, files->arena));

		buffer_printf(&file->text, "%s;\n", script->statements[i].sql);
	}
}

/* Somebody else's files would look like a part of it. */
static bool check_directory(const char *directory, struct arena *arena, struct error *err)
{
	struct directory found;

	if (!directory_create(directory, 0755, err) || !directory_read(directory, arena, &found, err))
		return false;
	if (!found.count)
		return true;
	error_set(err, ERROR_USAGE, "the directory \"%s\" is not empty", directory);
	return error_hint(err, "Remove what is in it, or name another one.");
}

static bool write_directory(const struct export *export, const char *directory, struct error *err)
{
	struct arena *arena = export->context->arena;
	struct export_files files = {.arena = arena};

	if (!check_directory(directory, arena, err))
		return false;
	fill_files(&files, &export->pair.up);
	for (size_t i = 0; i < files.count; i++) {
		const char *path = path_join(arena, directory, files.items[i].path);

		if (!directory_create(path_directory(arena, path), 0755, err) ||
		    !file_write(path, buffer_str(&files.items[i].text), 0644, err))
			return false;
	}
	return true;
}

/* --- the verb ------------------------------------------------------------------------ */

static bool write_all(const struct export *export, struct error *err)
{
	const struct context *context = export->context;
	const char *directory = option_value(context, "--dir");
	const char *path = context->operands[0];
	const char *text = change_script_whole(&export->pair.up, context->arena);

	if (directory && path)
		return error_set(err, ERROR_USAGE, "a file and --dir cannot be given together");
	if (directory)
		return write_directory(export, directory, err);
	if (path)
		return file_write(path, str_of(text), 0644, err);
	report_verbatim(context->reporter, text);
	return true;
}

static bool cmd_export(struct context *context, struct error *err)
{
	scoped_export struct export export = {.context = context};

	return open_sides(&export, err) && make(&export, err) && write_all(&export, err);
}

static const struct option_row options[] = {
    {"--dir", 0, "DIR", "write a file for each object into DIR, which must be empty"},
    {"--from", 0, "SIDE", "what to export, as diff names it: live (default), schema, git:REF, a URL, files"},
    {"--schemas", 0, "PATTERNS", "export only these schemas"},
    {"--exclude-schemas", 0, "PATTERNS", "leave out these schemas"},
    {"--exclude", 0, "PATTERNS", "leave out tables, views, functions, types with these names"},
    {"--no-proof", 0, NULL, "do not load the SQL on a scratch server first"},
    {"--server", 0, "URL", "use this server as scratch server, with databases that are dropped again"},
    {0},
};

const struct command command_export = {
    .name = "export",
    .operands = "[FILE]",
    .help = &HELP_export,
    .group = GROUP_LOOK,
    .needs = NEEDS_NOTHING,
    .most_operands = 1,
    .options = options,
    .run = cmd_export,
};
