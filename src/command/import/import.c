/*
 * All or nothing, in three steps that can each be repeated: read everything of the other tool and collect
 * every problem; write the files; record what is applied. Problems are collected and not told one by one,
 * because a project of a thousand files is otherwise fixed a thousand times.
 *
 * The files are written before the record, and not in one transaction with it, which is not possible. So
 * a second run has to find its own work and accept it: a file that is there with the same text is left, a
 * row that is recorded is passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/import/import_applied.h"
#include "command/import/import_pair.h"
#include "command/import/import_project.h"
#include "command/import/import_whole.h"
#include "command/project/migration_files.h"
#include "command/project/setting_file.h"
#include "command/run/history_edit.h"
#include "history/history_store.h"

/* --- which tool, which files -------------------------------------------------- */

static const struct import_tool *find_tool(const char *name)
{
	for (const struct import_tool *tool = import_tools; tool->name; tool++)
		if (strcmp(tool->name, name) == 0)
			return tool;
	return NULL;
}

/* golang-migrate calls itself migrate. */
static const char *tool_with(const char *part)
{
	for (const struct import_tool *tool = import_tools; tool->name; tool++)
		if (strlen(part) > 3 && strstr(tool->name, part))
			return tool->name;
	return NULL;
}

static bool unknown_tool(struct context *context, const char *typed, struct error *err)
{
	struct buffer list = {.arena = context->arena};
	const char **names = NULL;
	size_t count = 0;

	for (const struct import_tool *tool = import_tools; tool->name; tool++) {
		buffer_printf(&list, "%s%s", list.len ? ", " : "", tool->name);
		*ARENA_PUSH(context->arena, names, count) = tool->name;
	}
	*ARENA_PUSH(context->arena, names, count) = NULL;
	const char *near = tool_with(typed) ? tool_with(typed) : str_suggest(typed, names);
	error_set(err, ERROR_USAGE, "cannot import from \"%s\"", typed);
	if (near)
		return error_hint(err, "Did you mean \"%s\"?", near);
	return error_hint(err, "These are known: %s.", buffer_cstr(&list));
}

/*
 * Each tool has two or three places that its documentation names. The first that exists is taken; where none
 * does, a guess would import an empty directory and call that done.
 */
static bool choose_source(struct import *import, struct error *err)
{
	const struct import_tool *tool = import->tool;
	const char *project = import->context->settings->project_dir;

	for (size_t i = 0; i < 3 && tool->sources[i] && !import->source; i++) {
		const char *usual = path_join(import->arena, project, tool->sources[i]);

		if (directory_exists(usual))
			import->source = tool->sources[i][0] == '.' ? "." : usual;
	}
	if (import->source)
		return true;
	error_set(err, ERROR_USAGE, "import requires the migrations of %s", tool->title);
	if (!tool->sources[0])
		return error_hint(err, "Give a file with the output of \"alembic upgrade head --sql\", or a dump of "
		                       "the schema (pg_dump --schema-only).");
	return error_hint(err, "Give their directory after the tool's name; \"rung help import\" has examples.");
}

/* The server would say so too, but not whose name it means. */
static bool check_table_option(const struct import *import, struct error *err)
{
	struct qualified_name ignored;

	return qualified_name_parse(import->books, import->arena, &ignored, err) ||
	       error_context(err, "while reading --table");
}

static bool read_operands(struct context *context, struct import *import, struct error *err)
{
	*import = (struct import){.context = context, .arena = context->arena};
	import->tool = find_tool(context->operands[0]);
	if (!import->tool)
		return unknown_tool(context, context->operands[0], err);
	import->source = context->operand_count > 1 ? context->operands[1] : NULL;
	import->down_source = context->operand_count > 2 ? context->operands[2] : NULL;
	import->books = option_value(context, "--table");
	if (import->books && !check_table_option(import, err))
		return false;
	import->assumes_complete = option_is_given(context, "--assume-complete");
	if (import->down_source && import->tool->sources[0])
		return error_set(err, ERROR_USAGE, "%s has its rollbacks in the same place: one SOURCE is enough",
		                 import->tool->title);
	return choose_source(import, err);
}

/*
 * By path where numbers are equal, so that the same project gives the same files on every machine:
 * directories are read in the order that the file system likes.
 */
static int compare_steps(const void *a, const void *b)
{
	const struct import_step *one = a;
	const struct import_step *other = b;

	if (one->number != other->number)
		return one->number < other->number ? -1 : 1;
	return strcmp(one->path, other->path);
}

static bool read_steps(struct import *import, struct error *err)
{
	if (!import->tool->read(import, err))
		return false;
	if (import->count)
		qsort(import->steps, import->count, sizeof(*import->steps), compare_steps);
	import_leave_zero(import);
	if (!import_compare_with_git(import, err))
		return false;
	if (import->count > 0 || import->problem_count > 0)
		return true;
	return error_set(err, ERROR_FILES, "\"%s\" contains no migrations of %s", import->source,
	                 import->tool->title);
}

/* --- refusing --------------------------------------------------------------------- */

static void say_problem(const struct import *import, const struct import_problem *problem)
{
	const struct event event = event_of_finding("import", problem->place, problem->text);

	event_emit(import->context->reporter, &event);
}

static bool check_problems(struct import *import, struct error *err)
{
	size_t doubts;
	const size_t count = import_problem_count(import, &doubts);

	for (size_t i = 0; i < import->problem_count; i++)
		if (import_problem_counts(import, &import->problems[i]))
			say_problem(import, &import->problems[i]);
	if (count == 0)
		return true;
	error_set(err, ERROR_FILES, "cannot import everything exactly: %zu problem%s", count, plural(count));
	if (doubts)
		error_hint(err,
		           "%zu of them: a file may be incomplete. If %s complete, repeat the command with "
		           "--assume-complete.",
		           doubts, doubts == 1 ? "it is" : "they are");
	return error_state(err, "Nothing was written, neither files nor database.");
}

/* A gap is what "upgrade" will refuse later, so better now. */
static void warn_of_gaps(const struct import *import)
{
	size_t newest = import->count;

	while (newest > 0 && (!import->steps[newest - 1].is_applied || import->steps[newest - 1].reapply))
		newest--;
	for (size_t i = 0; i + 1 < newest; i++)
		if (!import->steps[i].is_applied)
			event_warning(
			    import->context->reporter,
			    "%s is not applied, though newer ones are: \"rung upgrade\" will require --out-of-order",
			    import->steps[i].path);
}

/* --- recording ---------------------------------------------------------------------- */

struct recording {
	struct import *import;
	size_t changed;
};

static bool is_recorded(const struct history *history, int64_t version)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].version == version)
			return true;
	return false;
}

/*
 * When it was applied is theirs to say. Only then do "rung history" and an audit agree with what the other
 * tool told before.
 */
static bool record_date(const struct migrate_options *run_options, struct locked_history *locked,
                        const struct import_step *step, struct error *err)
{
	const char *number = arena_printf(locked->arena, "%lld", (long long)step->number);

	if (!step->applied_at)
		return true;
	const struct request request =
	    request_make(&run_options->history, SQL_import_date, PARAMS(number, step->applied_at), locked->arena);
	return request_run(locked->db, &request, err);
}

static bool record(const struct migrate_options *run_options, struct locked_history *locked,
                   const struct import_step *step, struct error *err)
{
	const struct migration *migration = tree_find_number(run_options->tree, step->number);
	struct record_values facts;

	if (!migration)
		return error_set(err, ERROR_FILES, "no file has number %lld", (long long)step->number);
	if (!history_edit_values(migration, locked->arena, &facts, err))
		return false;
	const struct request request =
	    history_record(&run_options->history, &run_options->author, &facts, false, locked->arena);
	history_edit_claim(locked, &facts, true);
	return request_run(locked->db, &request, err) && record_date(run_options, locked, step, err) &&
	       history_edit_log(run_options, locked, "import", &facts, err);
}

/* Everything of the first reading is forgotten: under the lock only what the table says now counts. */
static bool work(const struct migrate_options *run_options, struct locked_history *locked, void *context,
                 struct error *err)
{
	struct recording *recording = context;
	struct import *import = recording->import;

	for (size_t i = 0; i < import->count; i++)
		import->steps[i].is_applied = false;
	if (!import_take_history(import, locked->db, err) || !check_problems(import, err))
		return false;
	for (size_t i = 0; i < import->count; i++) {
		if (!import->steps[i].is_applied || is_recorded(&locked->history, import->steps[i].number))
			continue;
		if (!record(run_options, locked, &import->steps[i], err))
			return false;
		recording->changed++;
	}
	return true;
}

static bool record_all(struct import *import, size_t *changed, struct error *err)
{
	struct recording recording = {.import = import};
	struct migrate_options run_options;

	*changed = 0;
	if (!import->has_history)
		return true;
	if (!migrate_verb_check_tree(import->context, err) ||
	    !migrate_options_from_context(import->context, DIRECTION_UP, &run_options, err) ||
	    !history_edit_reach(&run_options, work, &recording, err))
		return false;
	*changed = recording.changed;
	return true;
}

/* --- the verb ------------------------------------------------------------------------ */

static size_t count_applied(const struct import *import)
{
	size_t count = 0;

	for (size_t i = 0; i < import->count; i++)
		count += import->steps[i].is_applied;
	return count;
}

/* What was said by flags for this once, and every later command needs: rung.ini keeps it. */
static const enum setting kept_settings[] = {SETTING_HISTORY_TABLE, SETTING_SCHEMA_DIR, SETTING_ROLLBACK_DIR};

static bool keep_settings(const struct import *import, struct error *err)
{
	const struct context *context = import->context;
	const bool writes =
	    option_is_given(context, "--write-settings") && !option_is_given(context, "--dry-run");

	for (size_t i = 0; i < sizeof(kept_settings) / sizeof(*kept_settings); i++) {
		const struct setting_row *row = &setting_rows[kept_settings[i]];
		const struct setting_value *value = &context->settings->values[kept_settings[i]];

		if (strcmp(value->origin, "default") == 0 || strncmp(value->origin, "rung.ini", 8) == 0)
			continue;
		if (writes && !setting_file_write(context, kept_settings[i], value->text, err))
			return false;
		if (!writes)
			event_note(context->reporter,
			           "the project needs this in rung.ini from now on: \"rung config --set %s.%s %s\"",
			           row->section, row->key, shell_word(context->arena, value->text));
	}
	return true;
}

static bool import_dry(struct import *import, const struct rewrite *rewrite, struct error *err)
{
	migration_files_say(import->context, rewrite, false);
	history_edit_say(import->context,
	                 arena_printf(import->arena,
	                              "dry run: %zu migration%s of %s, %zu of them applied; nothing was changed",
	                              import->count, plural(import->count), import->tool->title,
	                              count_applied(import)),
	                 count_applied(import));
	return keep_settings(import, err);
}

/* Run again it finds records of its own. */
static const char *recorded_text(const struct import *import, size_t changed)
{
	const size_t applied = count_applied(import);

	if (!import->has_history)
		return import->was_asked ? "none recorded as applied: the database holds no history of them"
		                         : "none recorded as applied: no database was asked";
	if (changed == 0 && applied > 0)
		return arena_printf(import->arena, "%zu applied, all of them recorded before", applied);
	return arena_printf(import->arena, "%zu recorded as applied", changed);
}

/*
 * Files first. A record without its file is a missing migration, which stops every command; a file without
 * its record is a pending one, which running the import again settles.
 */
static bool import_wet(struct import *import, const struct rewrite *rewrite, struct error *err)
{
	size_t changed;

	if (!rewrite_perform(rewrite, err))
		return false;
	migration_files_say(import->context, rewrite, true);
	if (!migration_files_load(import->context, err) || !record_all(import, &changed, err))
		return error_state(err, "The files are written; running it again imports the history.");
	history_edit_say(import->context,
	                 arena_printf(import->arena, "imported from %s: %zu migration%s, %s", import->tool->title,
	                              import->count, plural(import->count), recorded_text(import, changed)),
	                 changed);
	return keep_settings(import, err);
}

/* A project that has no directory yet gets one with its first file. */
static bool load_tree(struct context *context, struct error *err)
{
	return !directory_exists(setting_text(context->settings, SETTING_SCHEMA_DIR)) ||
	       migration_files_load(context, err);
}

static bool cmd_import(struct context *context, struct error *err)
{
	struct rewrite rewrite = {.arena = context->arena};
	struct import import;

	if (!read_operands(context, &import, err) || !load_tree(context, err) || !read_steps(&import, err) ||
	    !import_make_pairs(&import, &rewrite, err) || !import_look_at_history(&import, err) ||
	    !check_problems(&import, err))
		return false;
	warn_of_gaps(&import);
	return option_is_given(context, "--dry-run") ? import_dry(&import, &rewrite, err)
	                                             : import_wet(&import, &rewrite, err);
}

static const struct option_row options[] = {
    {"--dry-run", 'n', NULL, "show what would be written and recorded, change nothing"},
    {"--files-only", 0, NULL, "write the files, do not connect to a database"},
    {"--assume-complete", 0, NULL, "accept files that may be incomplete"},
    {"--write-settings", 0, NULL, "write what the project needs into rung.ini, such as --history-table"},
    {"--table", 0, "TABLE", "the other tool's history table, if it is not the default"},
    {0},
};

const struct command command_import = {
    .name = "import",
    .operands = "TOOL [SOURCE [DOWN]]",
    .help = &HELP_import,
    .group = GROUP_RECORD,
    .needs = NEEDS_NOTHING,
    .least_operands = 1,
    .most_operands = 3,
    .options = options,
    .run = cmd_import,
};
