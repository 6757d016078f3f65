/*
 * Renaming a file that was applied somewhere makes it another migration there. So everything is gathered
 * before anything moves: files, what git knows, what the database has applied; migration/renumbering.c,
 * which is pure, then decides, and only then are files renamed, all of them or none
 * (migration/rewrite.h).
 *
 * The files are listed here and not taken from the tree, which keeps one of two with the same number.
 * Files that are not here count with their numbers: those of the reference branch, and what only the
 * history knows.
 *
 * A number in the text of another file ("requires: 07") is ambiguous when two files had it. A file of
 * ours means ours; every other one means the file that came first. What is applied must keep its text, so
 * if such a file names one that would be renumbered, that is refused.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/project/git_order.h"
#include "command/project/migration_files.h"
#include "history/history_store.h"
#include "migration/master.h"
#include "migration/mention.h"
#include "migration/name.h"
#include "migration/renumbering.h"
#include "plan/lookup.h"

/* Everything that is known before anything moves. */
struct renumber_work {
	struct context *context;
	struct arena *arena;
	const char *schema_dir;
	const char *rollback_dir;
	struct numbered_file *files;
	size_t count;
	struct git_order git_order;
	struct history history;
	struct renaming *renamings;
	size_t renaming_count;
	struct rewrite rewrite;
};

static const char *up_path(const struct renumber_work *work, const char *stem)
{
	return path_join(work->arena, work->schema_dir, arena_printf(work->arena, "%s.sql", stem));
}

static const char *down_path(const struct renumber_work *work, const char *stem)
{
	return path_join(work->arena, work->rollback_dir, arena_printf(work->arena, "rollback_%s.sql", stem));
}

/* --- the files ---------------------------------------------------------- */

/* By itself and not from the tree, which keeps one of two files with the same number. */
static bool add_file(struct renumber_work *work, const struct name *name, struct error *err)
{
	struct numbered_file file = {
	    .stem = str_copy(work->arena, name->stem), .number = name->number, .width = name->width};
	const char *path = up_path(work, file.stem);
	struct directives directives;
	struct str text;

	if (!migration_files_read(path, work->arena, &text, err) ||
	    !directives_parse(text, path, work->arena, &directives, err))
		return false;
	file.branch = directives.branch;
	file.old_id = directives.old_id;
	file.runs_last = directives.order_last;
	*ARENA_PUSH(work->arena, work->files, work->count) = file;
	return true;
}

/* What an earlier one that was killed has left: a file may be missing that is only out of the way. */
static bool refuse_aside(const struct renumber_work *work, const char *file_name, struct error *err)
{
	bool is_new = false;

	if (!rewrite_aside_name(file_name, &is_new, work->arena))
		return true;
	error_set(err, ERROR_FILES, "\"%s\" was left %s", path_join(work->arena, work->schema_dir, file_name),
	          is_new ? "when new files were made, which was interrupted"
	                 : "by a renaming that was interrupted");
	return error_hint(err, "\"rung check --offline\" says what to do with each of them.");
}

static bool list_files(struct renumber_work *work, struct error *err)
{
	struct directory files;

	if (!directory_read(work->schema_dir, work->arena, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		const struct name name = name_parse(files.names[i]);

		if (!refuse_aside(work, files.names[i], err))
			return false;
		if (name.role == NAME_MIGRATION && !add_file(work, &name, err))
			return false;
	}
	return true;
}

static struct numbered_file *find_stem(const struct renumber_work *work, const char *stem)
{
	for (size_t i = 0; i < work->count; i++)
		if (strcmp(work->files[i].stem, stem) == 0)
			return &work->files[i];
	return NULL;
}

/* A number that is taken by a file that is not here. */
static void add_absent(struct renumber_work *work, const char *stem, int64_t number, bool is_applied)
{
	*ARENA_PUSH(work->arena, work->files, work->count) = (struct numbered_file){
	    .stem = stem ? stem : "",
	    .number = number,
	    .is_absent = true,
	    .is_known = true,
	    .is_applied = is_applied,
	};
}

/* --- git ---------------------------------------------------------------- */

static void add_elsewhere(struct renumber_work *work, const char *file_name)
{
	const struct name name = name_parse(file_name);
	const char *stem = name.role == NAME_MIGRATION ? str_copy(work->arena, name.stem) : NULL;

	if (stem && !find_stem(work, stem))
		add_absent(work, stem, name.number, false);
}

static bool ask_git(struct renumber_work *work, struct error *err)
{
	const struct git_order *git_order = &work->git_order;

	if (!git_order_ask(work->schema_dir, option_value(work->context, "--against"), work->arena,
	                   &work->git_order, err))
		return false;
	for (size_t i = 0; i < work->count; i++) {
		const char *file_name = arena_printf(work->arena, "%s.sql", work->files[i].stem);

		work->files[i].is_known = git_order_knows(git_order, file_name);
		work->files[i].age = git_order_age(git_order, file_name);
	}
	for (size_t i = 0; i < git_order->known_count; i++)
		add_elsewhere(work, git_order->known[i]);
	if (git_order->reference)
		event_debug(work->context->reporter, "the files in \"%s\" came first", git_order->reference);
	return true;
}

/* --- the database -------------------------------------------------------- */

static bool load_history(struct renumber_work *work, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	struct server_info facts;

	if (!work->context->database || option_is_given(work->context, "--offline"))
		return true;
	if (database_history_table(work->context, &table, err) && database_open(work->context, &db, err) &&
	    history_load(db, &table, HISTORY_TO_SHOW, work->arena, &work->history, &facts, err))
		return true;
	if (err->kind == ERROR_SERVER)
		error_hint(
		    err,
		    "Applied migrations must not be renumbered, so the database is asked; --offline skips that.");
	return false;
}

static struct numbered_file *find_number(const struct renumber_work *work, int64_t number)
{
	for (size_t i = 0; i < work->count; i++)
		if (work->files[i].number == number && !work->files[i].is_absent)
			return &work->files[i];
	return NULL;
}

static size_t count_number(const struct renumber_work *work, int64_t number)
{
	size_t count = 0;

	for (size_t i = 0; i < work->count; i++)
		count += work->files[i].number == number && !work->files[i].is_absent;
	return count;
}

/* By name, or by a number that only one file has: a renamed file is still the one applied. */
static void mark_applied(struct renumber_work *work, const struct record *record)
{
	struct numbered_file *file = record->name ? find_stem(work, record->name) : NULL;

	if (!file && count_number(work, record->version) == 1)
		file = find_number(work, record->version);
	if (!file) {
		add_absent(work, record->name ? record->name : record->description, record->version, true);
		return;
	}
	file->is_applied = true;
	file->is_known |= !work->git_order.reference;
}

/* --- what the user named -------------------------------------------------- */

static bool mark_named(struct renumber_work *work, const char *operand, struct error *err)
{
	struct called *called = arena_array(work->arena, struct called, work->count);
	size_t *places = arena_array(work->arena, size_t, work->count);
	size_t count = 0;
	size_t found;

	for (size_t i = 0; i < work->count; i++) {
		const struct numbered_file *file = &work->files[i];

		if (file->is_absent)
			continue;
		places[count] = i;
		called[count++] = (struct called){file->number, file->stem, file->old_id};
	}
	if (!lookup_name(operand, called, count, work->arena, &found, err))
		return false;
	work->files[places[found]].is_named = true;
	return true;
}

static bool mark_all(struct renumber_work *work, struct error *err)
{
	for (size_t i = 0; i < work->history.count; i++)
		mark_applied(work, &work->history.records[i]);
	for (size_t i = 0; i < work->context->operand_count; i++)
		if (!mark_named(work, work->context->operands[i], err))
			return false;
	return true;
}

/* --- the new names -------------------------------------------------------- */

static bool name_anew(struct renumber_work *work, const struct numbered_file *file, struct error *err)
{
	const char *to;

	if (!name_build("{number}{slug}", file->new_number, file->width, file->stem + file->width, work->arena,
	                &to, err))
		return false;
	*ARENA_PUSH(work->arena, work->renamings, work->renaming_count) =
	    (struct renaming){file->stem, to, file->number, file->new_number};
	return true;
}

static bool name_all(struct renumber_work *work, struct error *err)
{
	for (size_t i = 0; i < work->count; i++)
		if (work->files[i].new_number != work->files[i].number && !name_anew(work, &work->files[i], err))
			return false;
	return true;
}

static const char *new_stem(const struct renumber_work *work, const char *stem)
{
	for (size_t i = 0; i < work->renaming_count; i++)
		if (strcmp(work->renamings[i].from, stem) == 0)
			return work->renamings[i].to;
	return stem;
}

static bool is_taken_by_others(const struct renumber_work *work, int64_t number)
{
	for (size_t i = 0; i < work->count; i++)
		if (work->files[i].number == number && !work->files[i].is_ours)
			return true;
	return false;
}

/*
 * Whom a file means by a number that two had: one of ours means ours, and
 * every other file the one that came first.
 */
static struct str mention_for(const struct renumber_work *work, const struct numbered_file *file,
                              struct str text)
{
	struct renaming *meant = NULL;
	size_t count = 0;

	for (size_t i = 0; i < work->renaming_count; i++)
		if (file->is_ours || !is_taken_by_others(work, work->renamings[i].from_number))
			*ARENA_PUSH(work->arena, meant, count) = work->renamings[i];
	return mention_replace(text, meant, count, work->arena);
}

/* One file: moved, rewritten, both or neither. */
static bool change_file(struct renumber_work *work, const struct numbered_file *file, const char *from,
                        const char *to, struct error *err)
{
	struct str old;

	if (!file_exists(from))
		return true;
	if (!migration_files_read(from, work->arena, &old, err))
		return false;
	const struct str text = mention_for(work, file, old);
	const bool is_same = text.text == old.text;
	if (!is_same && file->is_applied && !file->is_ours) {
		error_set(err, ERROR_FILES, "cannot renumber what \"%s\" requires: it is applied in the database",
		          file->stem);
		return error_hint(err, "Its text must not change after it was applied.");
	}
	if (!is_same)
		rewrite_move_with(&work->rewrite, from, to, text);
	else if (strcmp(from, to) != 0)
		rewrite_move(&work->rewrite, from, to);
	return true;
}

static bool change_pair(struct renumber_work *work, const struct numbered_file *file, struct error *err)
{
	const char *to = new_stem(work, file->stem);

	return file->is_absent ||
	       (change_file(work, file, up_path(work, file->stem), up_path(work, to), err) &&
	        change_file(work, file, down_path(work, file->stem), down_path(work, to), err));
}

static bool change_master(struct renumber_work *work, struct error *err)
{
	const char *path = work->context->tree.master_path;
	struct str text;

	if (!path)
		return true;
	if (!migration_files_read(path, work->arena, &text, err))
		return false;
	for (size_t i = 0; i < work->renaming_count; i++)
		text =
		    master_without(text, arena_printf(work->arena, "%s.sql", work->renamings[i].from), work->arena);
	for (size_t i = 0; i < work->renaming_count; i++)
		text = master_with(text, arena_printf(work->arena, "%s.sql", work->renamings[i].to),
		                   &work->context->tree, work->arena);
	rewrite_move_with(&work->rewrite, path, path, text);
	return true;
}

static bool change_all(struct renumber_work *work, struct error *err)
{
	for (size_t i = 0; i < work->count; i++)
		if (!change_pair(work, &work->files[i], err))
			return false;
	return change_master(work, err);
}

/* --- the verb -------------------------------------------------------------- */

static void conclude(struct context *context, const struct renumber_work *work, bool is_done)
{
	const size_t count = work->renaming_count;
	const char *ending = plural(count);
	const char *text = "nothing to renumber";

	if (count > 0)
		text = is_done
		           ? arena_printf(context->arena, "%zu migration%s renumbered", count, ending)
		           : arena_printf(context->arena, "dry run: %zu migration%s to renumber, nothing was changed",
		                          count, ending);
	event_done(context->reporter, text, -1, (int64_t)count);
}

static bool cmd_renumber(struct context *context, struct error *err)
{
	struct renumber_work work = {
	    .context = context,
	    .arena = context->arena,
	    .schema_dir = setting_text(context->settings, SETTING_SCHEMA_DIR),
	    .rollback_dir = setting_text(context->settings, SETTING_ROLLBACK_DIR),
	    .rewrite = {.arena = context->arena},
	};
	const bool is_done = !option_is_given(context, "--dry-run");

	if (!list_files(&work, err) || !ask_git(&work, err) || !load_history(&work, err) ||
	    !mark_all(&work, err) || !renumbering_plan(work.files, work.count, time(NULL), err) ||
	    !name_all(&work, err))
		return false;
	if (work.renaming_count > 0 &&
	    (!change_all(&work, err) || (is_done && !rewrite_perform(&work.rewrite, err))))
		return false;
	migration_files_say(context, &work.rewrite, is_done);
	conclude(context, &work, is_done);
	return true;
}

static const struct option_row options[] = {
    {"--dry-run", 'n', NULL, "show what would be renamed, change nothing"},
    {"--against", 0, "REF", "the git ref that has the files that came first; default: the default branch"},
    {"--offline", 0, NULL, "do not ask the database what is applied"},
    {0},
};

const struct command command_renumber = {
    .name = "renumber",
    .operands = "[MIGRATION...]",
    .help = &HELP_renumber,
    .group = GROUP_WRITE,
    .needs = NEEDS_TREE,
    .most_operands = 64,
    .options = options,
    .run = cmd_renumber,
};
