/*
 * sqitch orders changes by its plan and not by names or numbers, so they are numbered in the order of the
 * plan, and what each requires becomes a directive. A plan that was cut off would drop changes unseen; so
 * every script in deploy/ has to be named by it, and its last line has to end.
 *
 * What one file cannot say is a problem: a conflict, a change of another project, one that was reworked
 * (two scripts under one name). Variables of psql get their values from sqitch's configuration, which is
 * not here, and the comment in a line of the plan begins at "#".
 *
 * Its history has the SHA-1 of each script as it was deployed. Where it differs that is a doubt only:
 * sqitch itself deploys no change again for an edited comment.
 */
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "command/import/import_project.h"
#include "command/import/import_whole.h"
#include "sql/lexer.h"

struct tag {
	const char *name;   /* without the @ */
	const char *change; /* it is after */
};

struct plan_reading {
	struct import *import;
	const char *path;
	size_t line;
	struct tag *tags;
	size_t tag_count;
};

static void complain(struct plan_reading *reading, const char *text, struct str what)
{
	import_problem(reading->import, reading->path, reading->line, "%s: %.*s", text, STR_ARGS(what));
}

static bool read_script(struct import *import, const char *folder, const char *change, struct str *out,
                        struct error *err)
{
	const char *path =
	    path_join(import->arena, import->source, arena_printf(import->arena, "%s/%s.sql", folder, change));

	return import_read_file(import, path, out, err);
}

/* psql's variables come from sqitch's configuration, which we do not have. */
static void refuse_variables(struct import *import, const char *path, struct str text)
{
	struct lexer lexer = {.text = text};

	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		size_t line = 1;

		if (token.kind != TOKEN_VARIABLE)
			continue;
		for (const char *c = text.text; c < token.text.text; c++)
			line += *c == '\n';
		import_problem(import, path, line, "has a variable of psql: %.*s", STR_ARGS(token.text));
	}
}

/* --- dependencies ----------------------------------------------------------- */

static const char *find_tag(const struct plan_reading *reading, struct str name)
{
	for (size_t i = 0; i < reading->tag_count; i++)
		if (str_is(name, reading->tags[i].name))
			return reading->tags[i].change;
	return NULL;
}

/* "users", "users@v1" and "@v1"; "!users" and "other:users" are more than a file can say. */
static void read_dependency(struct plan_reading *reading, struct str text, struct import_step *step)
{
	const size_t at = str_index(text, '@');
	const char *change = at == 0 ? find_tag(reading, str_slice(text, 1, text.len))
	                             : str_copy(reading->import->arena, str_slice(text, 0, at));

	if (str_starts(text, "!"))
		complain(reading, "a conflict cannot be converted", text);
	else if (str_index(text, ':') < text.len)
		complain(reading, "a change of another project cannot be required", text);
	else if (!change || !import_find(reading->import, change))
		complain(reading, "requires what does not come before it", text);
	else
		*ARENA_PUSH(reading->import->arena, step->parents, step->parent_count) = change;
}

static struct str read_dependencies(struct plan_reading *reading, struct str rest, struct import_step *step)
{
	rest = str_trim(rest);
	if (!str_starts(rest, "["))
		return rest;
	const size_t end = str_index(rest, ']');
	struct str inside = str_slice(rest, 1, end);
	struct str word;

	while (str_split_next(&inside, ' ', &word))
		if (word.len > 0)
			read_dependency(reading, word, step);
	return str_trim(str_slice(rest, end + 1, rest.len));
}

/* --- the plan --------------------------------------------------------------- */

static void read_tag(struct plan_reading *reading, struct str line)
{
	struct import *import = reading->import;
	const char *name = str_copy(import->arena, str_slice(line, 1, str_index(line, ' ')));

	if (import->count == 0)
		complain(reading, "a tag without a change before it", line);
	else
		*ARENA_PUSH(import->arena, reading->tags, reading->tag_count) =
		    (struct tag){name, import->steps[import->count - 1].version};
}

static void read_pragma(struct plan_reading *reading, struct str line)
{
	static const char project[] = "%project=";

	if (str_starts(line, project))
		reading->import->scope =
		    str_copy(reading->import->arena, str_trim(str_slice(line, strlen(project), line.len)));
}

static const char *label_of(struct arena *arena, const char *change)
{
	char *label = arena_strdup(arena, change);

	for (char *c = label; *c; c++)
		if (*c == '/')
			*c = '_';
	return label;
}

static bool read_revert(struct import *import, struct import_step *step, struct error *err)
{
	const char *revert = arena_printf(import->arena, "revert/%s.sql", step->version);
	const char *path = path_join(import->arena, import->source, revert);

	if (!file_exists(path))
		return true;
	if (!read_script(import, "revert", step->version, &step->down, err))
		return false;
	step->down_path = path;
	step->irreversible = "sqitch's revert script has no statement";
	refuse_variables(import, path, step->down);
	return true;
}

static bool read_change(struct plan_reading *reading, struct str line, struct error *err)
{
	struct import *import = reading->import;
	const size_t end = str_index(line, ' ');
	const char *change = str_copy(import->arena, str_slice(line, 0, end));
	struct import_step step = {
	    .version = change,
	    .label = label_of(import->arena, change),
	    .path =
	        path_join(import->arena, import->source, arena_printf(import->arena, "deploy/%s.sql", change)),
	    .origin = arena_printf(import->arena, "deploy/%s.sql", change),
	    .irreversible = "sqitch had no revert script",
	    .says_parents = true,
	};

	if (import_find(import, change)) {
		complain(reading, "a change that was reworked cannot be converted", str_of(change));
		return true;
	}
	if (!file_exists(step.path)) {
		complain(reading, "there is no script of the change", str_of(step.path));
		return true;
	}
	read_dependencies(reading, str_slice(line, end, line.len), &step);
	if (!read_script(import, "deploy", change, &step.up, err) || !read_revert(import, &step, err))
		return false;
	refuse_variables(import, step.path, step.up);
	step.checksum = digest_sha1_hex(import->arena, step.up);
	*import_add(import) = step;
	return true;
}

static bool read_line(struct plan_reading *reading, struct str line, struct error *err)
{
	line = str_trim(str_slice(line, 0, str_index(line, '#')));
	if (line.len == 0)
		return true;
	if (line.text[0] == '%')
		read_pragma(reading, line);
	else if (line.text[0] == '@')
		read_tag(reading, line);
	else
		return read_change(reading, line, err);
	return true;
}

/* --- whether it is whole ------------------------------------------------------ */

static bool is_planned(const struct import *import, const char *path)
{
	for (size_t i = 0; i < import->count; i++)
		if (strcmp(import->steps[i].path, path) == 0)
			return true;
	return false;
}

/* A script that no change names was in a plan that was longer; one with an "@" is what a rework left. */
static bool find_unplanned(struct import *import, const char *plan, const char *folder, struct error *err)
{
	const char *directory = path_join(import->arena, import->source, folder);
	struct directory files;

	if (!directory_exists(directory))
		return true;
	if (!directory_read(directory, import->arena, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		const char *name = files.names[i];
		const char *path = path_join(import->arena, directory, name);

		if (directory_exists(path)) {
			if (!find_unplanned(import, plan, arena_printf(import->arena, "%s/%s", folder, name), err))
				return false;
		} else if (str_ends(str_of(name), ".sql") && !strchr(name, '@') && !is_planned(import, path)) {
			import_doubt(import, path, 0, "is no change of \"%s\": does the plan end too early?", plan);
		}
	}
	return true;
}

static bool check_plan(const struct plan_reading *reading, struct str text, struct error *err)
{
	struct import *import = reading->import;

	if (!import->scope)
		import_problem(import, reading->path, 0, "does not say which project it is (%%project=)");
	if (!str_ends(text, "\n"))
		import_doubt(import, reading->path, reading->line - 1, "ends in the middle of a line");
	return find_unplanned(import, reading->path, "deploy", err);
}

/* --- what is applied ----------------------------------------------------------- */

/* sqitch remembers the digest of what it deployed; an edited comment it overlooks, and so may the user. */
void import_take_sqitch(struct import *import, const struct import_rows *rows)
{
	import_take_each(import, rows);
	for (size_t i = 0; i < rows->count; i++) {
		const struct import_row *row = &rows->items[i];
		struct import_step *step = row->checksum ? import_find(import, row->version) : NULL;

		if (!step || !step->checksum)
			continue;
		step->is_proven = strcmp(row->checksum, step->checksum) == 0;
		if (!step->is_proven)
			import_doubt(import, step->path, 0, "is not what sqitch deployed: its script_hash differs");
	}
}

/* --- all of it ----------------------------------------------------------------- */

bool import_read_sqitch(struct import *import, struct error *err)
{
	struct plan_reading reading = {.import = import,
	                               .path = path_join(import->arena, import->source, "sqitch.plan")};
	struct str text;
	struct str line;

	if (!import_read_file(import, reading.path, &text, err))
		return false;
	struct str rest = text;
	for (reading.line = 1; str_line_next(&rest, &line); reading.line++)
		if (!read_line(&reading, line, err))
			return false;
	if (!check_plan(&reading, text, err))
		return false;
	import_count_up(import);
	if (directory_exists(path_join(import->arena, import->source, "verify")))
		event_note(import->context->reporter,
		           "the scripts in verify/ are not imported: rung has no counterpart");
	return true;
}
