/*
 * Most of what breaks off does so in the middle of a statement, and nobody
 * needs to know the tool to see that: with a further statement after it, the
 * text holds one more only when it was finished. That covers literals,
 * comments, parentheses, function bodies and COPY data alike. A plain file
 * that ends between two statements looks whole; only somebody who has seen it
 * before can tell: the other tool's checksum, or git.
 */
#include "command/import/import_whole.h"

#include <stdarg.h>
#include <string.h>

#include "base/file.h"
#include "command/project/git.h"

/* --- doubts ------------------------------------------------------------------ */

void import_doubt(struct import *import, const char *path, size_t line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	import_problem(import, path, line, "%s", arena_vprintf(import->arena, format, args));
	va_end(args);
	import->problems[import->problem_count - 1].is_doubt = true;
}

/* The history that was taken over has the checksum of this file. */
static bool is_proven(const struct import *import, const char *path)
{
	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].is_proven && strcmp(import->steps[i].path, path) == 0)
			return true;
	return false;
}

bool import_problem_counts(const struct import *import, const struct import_problem *problem)
{
	return !problem->is_doubt || (!import->assumes_complete && !is_proven(import, problem->path));
}

size_t import_problem_count(const struct import *import, size_t *doubts)
{
	size_t count = 0;

	*doubts = 0;
	for (size_t i = 0; i < import->problem_count; i++) {
		const bool counts = import_problem_counts(import, &import->problems[i]);

		count += counts;
		*doubts += counts && import->problems[i].is_doubt;
	}
	return count;
}

/* --- ends -------------------------------------------------------------------- */

static bool is_finished_in(struct str text, size_t count, struct arena *arena)
{
	static const struct script_options options = {0};
	const char *longer = arena_printf(arena, "%.*s\nSELECT 1", STR_ARGS(text));
	scoped_script struct script script = {0};
	struct error ignored;

	return script_parse(str_of(longer), "", &options, arena, &script, &ignored) && script.count == count + 1;
}

bool import_is_finished(struct str text)
{
	static const struct script_options options = {0};
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};
	struct error ignored;

	return script_parse(text, "", &options, &arena, &script, &ignored) &&
	       is_finished_in(text, script.count, &arena);
}

/* The BEGIN that no COMMIT answers, or NULL. */
static const struct statement *find_open(const struct script *script)
{
	const struct statement *open = NULL;

	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];

		if (statement->echo)
			continue;
		if (statement->kind.class == STATEMENT_BEGIN)
			open = open ? open : statement;
		else if (statement->kind.class == STATEMENT_COMMIT || statement->kind.class == STATEMENT_ROLLBACK)
			open = NULL;
	}
	return open;
}

void import_check_end(struct import *import, const char *path, struct str text, const struct script *script)
{
	scoped_arena struct arena scratch = {0};
	const struct statement *open = find_open(script);
	const struct statement *last = script->count ? &script->statements[script->count - 1] : NULL;

	if (open)
		import_problem(import, path, open->line,
		               "begins a transaction that never ends: the file stops too early");
	if (!last || (!last->joins_next && is_finished_in(text, script->count, &scratch)))
		return;
	import_doubt(import, path, last->line,
	             last->input == INPUT_INLINE
	                 ? "ends within the data of COPY: the line \"\\.\" is missing"
	                 : "ends in the middle of a statement: the semicolon of the last one is missing");
}

/* --- git --------------------------------------------------------------------- */

static bool was_read(const struct import *import, const char *path)
{
	for (size_t i = 0; i < import->file_count; i++)
		if (strcmp(import->files[i], path) == 0)
			return true;
	return false;
}

static bool list_modified(const char *directory, struct arena *arena, struct str *out, struct error *err)
{
	const char *const argv[] = {"git", "-c", "core.fsmonitor=false", "ls-files", "--modified", "-z", NULL};

	*out = (struct str){0};
	return git_run(directory, argv, (struct str){0}, arena, out, err) || err->kind != ERROR_CANCELLED;
}

bool import_compare_with_git(struct import *import, struct error *err)
{
	const bool is_directory = directory_exists(import->source);
	const char *directory = is_directory ? import->source : path_directory(import->arena, import->source);
	struct str names;
	struct str name;

	if (!list_modified(directory, import->arena, &names, err))
		return false;
	while (str_split_next(&names, '\0', &name)) {
		const char *path = path_join(import->arena, directory, str_copy(import->arena, name));

		if (was_read(import, path))
			import_doubt(import, path, 0, "differs from the version in git: commit it, if it is complete");
		else if (is_directory && str_ends(name, ".sql") && !file_exists(path))
			import_doubt(import, path, 0, "is missing, though git has it");
	}
	return true;
}
