/*
 * The schema of a side as SQL is what leads to it from an empty database, so there is nothing to be written
 * here that diff does not write; and it is proved in the same way, by being loaded.
 *
 * In a directory each object has a file, so that a review shows whose text changed. Statements belong to what
 * is at the top of what they are about: a table with its indexes, its triggers, its comments. Files that need
 * each other cannot be in an order, so nothing is said of one: "rung diff" reads a directory in any.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/generate/schema_export.h"
#include "config/url.h"

/* --- a file for each object -------------------------------------------------------- */

struct export_line {
	const char *path; /* below the directory */
	const char *sql;
	size_t place; /* among all statements */
};

struct export_lines {
	struct export_line *items;
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

/* A sequence is a part of the table whose column owns it: they have one owner. */
static const struct object *top_of(const struct object *object)
{
	while (object->parent)
		object = object->parent;
	for (uint32_t i = 0; object->kind == &object_kinds[OBJECT_SEQUENCE] && i < object->need_count; i++)
		if (object->needs[i].type == 'a')
			return object->needs[i].object->parent;
	return object;
}

/* app/table/items.sql; what lies in no schema is beside the schemas: extension/pgcrypto.sql. */
static const char *path_of(const struct object *object, struct arena *arena)
{
	const struct object *top = top_of(object);
	const char *kind = safe_name(top->kind->name, arena);
	const char *name = safe_name(top->name ? top->name : top->identity, arena);
	if (top->schema)
		return arena_printf(arena, "%s/%s/%s.sql", safe_name(top->schema, arena), kind, name);
	return arena_printf(arena, "%s/%s.sql", kind, name);
}

static int compare_lines(const void *a, const void *b)
{
	const struct export_line *left = a;
	const struct export_line *right = b;
	const int order = strcmp(left->path, right->path);

	return order ? order : (left->place > right->place) - (left->place < right->place);
}

/* File by file. Who loads a directory looks into no body before all is there. */
static struct export_lines lines_of(const struct change_script *script, struct arena *arena)
{
	struct export_lines lines = {.items = arena_array(arena, struct export_line, script->count + 1)};

	for (size_t i = 0; i < script->count; i++)
		if (!change_statement_is_setting(&script->statements[i]))
			lines.items[lines.count++] = (struct export_line){path_of(script->statements[i].object, arena),
			                                                  script->statements[i].sql, i};
	qsort(lines.items, lines.count, sizeof(*lines.items), compare_lines);
	return lines;
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

static bool write_directory(const struct change_script *script, const char *directory, struct arena *arena,
                            struct error *err)
{
	const struct export_lines lines = lines_of(script, arena);

	if (!check_directory(directory, arena, err))
		return false;
	for (size_t i = 0; i < lines.count;) {
		const char *path = lines.items[i].path;
		const char *whole = path_join(arena, directory, path);
		struct buffer text = {.arena = arena};

		for (; i < lines.count && strcmp(lines.items[i].path, path) == 0; i++)
			buffer_printf(&text, "%s;\n", lines.items[i].sql);
		if (!directory_create(path_directory(arena, whole), 0755, err) ||
		    !file_write(whole, buffer_str(&text), 0644, err))
			return false;
	}
	return true;
}

/* --- the verb ------------------------------------------------------------------------ */

static bool check_output(const struct context *context, struct error *err)
{
	return !option_is_given(context, "--dir") || !context->operand_count ||
	       error_set(err, ERROR_USAGE, "a file and --dir cannot be given together");
}

static bool write_all(const struct context *context, const struct change_script *script, struct error *err)
{
	const char *directory = option_value(context, "--dir");
	const char *text = change_script_whole(script, context->arena);

	if (directory)
		return write_directory(script, directory, context->arena, err);
	if (context->operand_count)
		return file_write(context->operands[0], str_of(text), 0644, err);
	report_verbatim(context->reporter, text);
	return true;
}

static bool cmd_export(struct context *context, struct error *err)
{
	const char *server = option_value(context, "--server");
	const struct schema_export_options chosen = {
	    .from = option_value(context, "--from"),
	    .server_url = server ? url_for_libpq(context->arena, server) : NULL,
	    .chosen = {.schemas = option_value(context, "--schemas"),
	               .exclude_schemas = option_value(context, "--exclude-schemas"),
	               .exclude = option_value(context, "--exclude")},
	    .is_proved = !option_is_given(context, "--no-proof")};
	scoped_schema_export struct schema_export schema_export = {0};

	return check_output(context, err) && (!server || database_check(context, chosen.server_url, err)) &&
	       schema_export_make(context, &chosen, &schema_export, err) &&
	       write_all(context, &schema_export.pair.up, err);
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
