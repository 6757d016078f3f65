/*
 * The file belongs to people, who write comments and other commands into it, include with \i or \ir and
 * with or without a directory or quotes. So it is never written anew: a line is added or taken out, and
 * every other byte stays, line ends included. A new line copies the manner of the one before it.
 *
 * Lines are read, not tokens: an include is a line that begins with its command, as psql obeys it there.
 * One inside a block comment is taken for real.
 *
 * What is checked is the order of all migrations, and only the first difference is told: after it every
 * line differs.
 */
#include "migration/master.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "migration/finding.h"
#include "migration/name.h"

/* It holds a line a migration; what is larger is something else. */
enum { LARGEST_MASTER = 16 * 1024 * 1024 };

/* A line "\ir 06_cache.sql". */
struct include {
	struct str before; /* up to the file name: "\ir ", "\i schema/", "\ir '" */
	struct str file_name;
	struct str after; /* the closing quote, blanks */
	int64_t number;
	size_t line;
};

static bool is_include_command(struct str word)
{
	static const char *const commands[] = {"\\ir", "\\i", "\\include", "\\include_relative", NULL};

	for (size_t i = 0; commands[i]; i++)
		if (str_is(word, commands[i]))
			return true;
	return false;
}

static size_t word_end(struct str line)
{
	size_t end = 0;

	while (end < line.len && !char_is_space(line.text[end]))
		end++;
	return end;
}

/* Where the file name starts: after the last slash and an opening quote. */
static size_t name_start(struct str line, size_t from)
{
	size_t start = from;

	for (size_t i = from; i < line.len; i++)
		if (char_is_space(line.text[i]) || line.text[i] == '/' || (line.text[i] == '\'' && i == start))
			start = i + 1;
	return start;
}

/* Whether the line includes a migration. */
static bool read_include(struct str whole_line, size_t number, struct arena *scratch, struct include *out)
{
	const size_t indent = (size_t)(str_trim(whole_line).text - whole_line.text);
	const struct str line = str_slice(whole_line, 0, indent + str_trim(whole_line).len);
	const struct str command = str_slice(line, indent, line.len);

	if (command.len == 0 || !is_include_command(str_slice(command, 0, word_end(command))))
		return false;
	const size_t start = name_start(line, indent + word_end(command));
	const struct str rest = str_slice(line, start, line.len);
	const struct str file_name = str_slice(rest, 0, str_index(rest, '\''));
	const struct name name = name_parse(str_copy(scratch, file_name));
	*out = (struct include){
	    .before = str_slice(whole_line, 0, start),
	    .file_name = file_name,
	    .after = str_slice(whole_line, start + file_name.len, whole_line.len),
	    .number = name.number,
	    .line = number,
	};
	return name.role == NAME_MIGRATION;
}

struct includes {
	struct include *items;
	size_t count;
};

static struct includes includes_of(struct str text, struct arena *scratch)
{
	struct includes includes = {0};
	struct include include;
	struct str line;

	for (size_t number = 1; str_split_next(&text, '\n', &line); number++)
		if (read_include(line, number, scratch, &include))
			*ARENA_PUSH(scratch, includes.items, includes.count) = include;
	return includes;
}

/* --- checking --------------------------------------------------------- */

static bool complain(const struct tree *tree, const struct include *include, const char *message,
                     struct error *err)
{
	error_set(err, ERROR_FILES, "%s", message);
	if (include)
		snprintf(err->place, sizeof(err->place), "%s:%zu", tree->shown_master_path, include->line);
	return error_hint(err, "It should hold one \"\\ir NN_name.sql\" for each migration, in order.");
}

/* By number, and after them those that run last. */
static const struct migration **in_order(const struct tree *tree, struct arena *scratch)
{
	const struct migration **all = arena_array(scratch, const struct migration *, tree->count + 1);
	size_t count = 0;

	for (int last = 0; last <= 1; last++)
		for (size_t i = 0; i < tree->count; i++)
			if (tree->migrations[i].directives.order_last == (last == 1))
				all[count++] = &tree->migrations[i];
	return all;
}

/* The first line that is not what it should be. */
static bool check_includes(const struct tree *tree, const struct includes *includes, struct arena *scratch,
                           struct error *err)
{
	const struct migration **all = in_order(tree, scratch);

	for (size_t i = 0; i < includes->count || i < tree->count; i++) {
		const struct include *include = i < includes->count ? &includes->items[i] : NULL;
		const struct migration *migration = i < tree->count ? all[i] : NULL;
		const char *expected = migration ? path_name(migration->path) : NULL;

		if (include && expected && str_is(include->file_name, expected))
			continue;
		assert(include || expected);
		if (include && !tree_find_number(tree, include->number))
			return complain(tree, include,
			                arena_printf(scratch, "\"%s\" includes \"%.*s\", which does not exist",
			                             tree->shown_master_path, STR_ARGS(include->file_name)),
			                err);
		if (!expected)
			return complain(tree, include,
			                arena_printf(scratch, "\"%s\" includes \"%.*s\" more than once",
			                             tree->shown_master_path, STR_ARGS(include->file_name)),
			                err);
		return complain(tree, include,
		                arena_printf(scratch, "\"%s\" does not include \"%s\" in its place",
		                             tree->shown_master_path, expected),
		                err);
	}
	return true;
}

void master_inspect(struct tree *tree, struct arena *arena)
{
	scoped_arena struct arena scratch = {0};
	struct error err;
	struct str text;

	if (!tree->master_path)
		return;
	if (!file_read(tree->master_path, LARGEST_MASTER, ERROR_FILES, &scratch, &text, &err)) {
		finding_add(tree, FINDING_UNREADABLE, tree->shown_master_path, &err, arena);
		return;
	}
	const struct includes includes = includes_of(text, &scratch);
	if (!check_includes(tree, &includes, &scratch, &err))
		finding_add(tree, FINDING_MASTER_OUTDATED, tree->shown_master_path, &err, arena);
}

/* --- keeping current -------------------------------------------------- */

/* The last include with a lower number; NULL when the new one comes first. */
static const struct include *find_predecessor(const struct includes *includes, const struct tree *tree,
                                              int64_t number)
{
	const struct include *found = NULL;

	for (size_t i = 0; i < includes->count; i++)
		if (includes->items[i].number < number && !tree_runs_last(tree, includes->items[i].number))
			found = &includes->items[i];
	return found;
}

static bool is_included(const struct includes *includes, const char *file_name)
{
	for (size_t i = 0; i < includes->count; i++)
		if (str_is(includes->items[i].file_name, file_name))
			return true;
	return false;
}

/* A line like `model`, or in our own manner without one. */
static void add_include(struct buffer *text, const struct include *model, const char *file_name,
                        const char *line_end)
{
	static const struct include plain = {.before = {"\\ir ", 4}};

	model = model ? model : &plain;
	buffer_add(text, model->before);
	buffer_text(text, file_name);
	buffer_add(text, str_ends(model->after, "\r") ? str_slice(model->after, 0, model->after.len - 1)
	                                              : model->after);
	buffer_text(text, line_end);
}

struct str master_with(struct str text, const char *file_name, const struct tree *tree, struct arena *arena)
{
	scoped_arena struct arena scratch = {0};
	struct buffer result = {.arena = arena};
	const struct includes includes = includes_of(text, &scratch);
	const struct include *before = find_predecessor(&includes, tree, name_parse(file_name).number);
	const char *line_end = str_index(text, '\r') < text.len ? "\r\n" : "\n";
	const struct include *model = before ? before : includes.count ? &includes.items[0] : NULL;

	if (is_included(&includes, file_name))
		return text;
	/* Cut after the predecessor's line, before the first include, or at the end. */
	size_t cut = text.len;
	if (before)
		cut = (size_t)(before->after.text + before->after.len - text.text) + 1;
	else if (model)
		cut = (size_t)(model->before.text - text.text);
	buffer_add(&result, str_slice(text, 0, cut));
	if (result.len > 0 && result.text[result.len - 1] != '\n')
		buffer_text(&result, line_end);
	add_include(&result, model, file_name, line_end);
	buffer_add(&result, str_slice(text, cut, text.len));
	return buffer_str(&result);
}

struct str master_without(struct str text, const char *file_name, struct arena *arena)
{
	scoped_arena struct arena scratch = {0};
	struct buffer result = {.arena = arena};
	struct include include;

	while (text.len > 0) {
		const size_t end = str_index(text, '\n');

		if (!read_include(str_slice(text, 0, end), 0, &scratch, &include) ||
		    !str_is(include.file_name, file_name))
			buffer_add(&result, str_slice(text, 0, end + 1));
		text = str_slice(text, end + 1, text.len);
	}
	return buffer_str(&result);
}
