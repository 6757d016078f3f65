#include <string.h>

#include "base/file.h"
#include "command/import_project.h"
#include "sql/lexer.h"

struct tag {
	const char *name;   /* without the @ */
	const char *change; /* it stands behind */
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
		complain(reading, "a conflict cannot be carried over", text);
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
	    .irreversible = "sqitch had no revert script",
	    .says_parents = true,
	};

	if (import_find(import, change)) {
		complain(reading, "a change that was reworked cannot be carried over", str_of(change));
		return true;
	}
	read_dependencies(reading, str_slice(line, end, line.len), &step);
	const char *revert = arena_printf(import->arena, "revert/%s.sql", change);
	if (!read_script(import, "deploy", change, &step.up, err))
		return false;
	if (file_exists(path_join(import->arena, import->source, revert)) &&
	    !read_script(import, "revert", change, &step.down, err))
		return false;
	refuse_variables(import, step.path, step.up);
	refuse_variables(import, path_join(import->arena, import->source, revert), step.down);
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

bool import_read_sqitch(struct import *import, struct error *err)
{
	struct plan_reading reading = {.import = import,
	                               .path = path_join(import->arena, import->source, "sqitch.plan")};
	struct str text;
	struct str line;

	if (!import_read_file(import, reading.path, &text, err))
		return false;
	for (reading.line = 1; str_line_next(&text, &line); reading.line++)
		if (!read_line(&reading, line, err))
			return false;
	import_count_up(import);
	if (directory_exists(path_join(import->arena, import->source, "verify")))
		event_note(import->context->reporter,
		           "the scripts in verify/ stay where they are: rung has nothing that runs them");
	return true;
}
