/*
 * Each text is read by the same reader that will run it, with the directives it will have, so that what
 * cannot run is known now. A place in a complaint must be one in the other tool's file: above the part as
 * many empty lines are put as there are others before it in that file, and our own lines in the head are
 * added only afterwards.
 *
 * A file without statements is refused by "upgrade" as an unedited template, so an empty step says with a
 * directive that it is empty on purpose. A rollback without statements is the same as none, unless there
 * is nothing to take back either.
 *
 * Names are kept to the letter where they make a name of ours; otherwise the label is made fit. The
 * number alone identifies a file, and the id of the other tool stays as "old-id" where neither number nor
 * name says it.
 */
#include "command/import/import_pair.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/import/import_other_history.h"
#include "command/import/import_whole.h"
#include "command/project/migration_files.h"
#include "migration/master.h"
#include "migration/mode.h"
#include "migration/name.h"

enum { LONGEST_LABEL = 80 };

/* What becomes a file, as it is in theirs. */
struct part {
	const char *path;
	size_t line;
	struct str text;
	size_t statements;
	size_t books; /* statements that were commented out (import_other_history.h) */
};

struct import_pair {
	const struct import_step *step;
	const char *stem;
	const char *up_path;
	const char *down_path;
	struct str up;
	struct str down; /* empty: irreversible */
};

/* --- names ------------------------------------------------------------------ */

static bool is_fit(const char *stem, int64_t number, struct arena *arena)
{
	const struct name name = name_parse(arena_printf(arena, "%s.sql", stem));

	return name.role == NAME_MIGRATION && name.number == number && str_is(name.stem, stem);
}

static const char *stem_of(const struct import_step *step, struct arena *arena)
{
	const char *stem = arena_printf(arena, "%0*" PRId64 "_%s", step->width, step->number, step->label);
	const char *slug = name_slug(arena, step->label, LONGEST_LABEL);

	if (is_fit(stem, step->number, arena))
		return stem;
	return arena_printf(arena, "%0*" PRId64 "_%s", step->width, step->number, *slug ? slug : "imported");
}

/* What their tool called it, where neither our number nor our name says so: people continue typing it. */
static const char *old_id(const struct import_step *step, struct arena *arena)
{
	const char *number = arena_printf(arena, "%" PRId64, step->number);

	if (!step->version || import_same_version(step->version, number) ||
	    strcmp(step->version, step->label) == 0 || strpbrk(step->version, " \t\r\n"))
		return NULL;
	return step->version;
}

/* --- texts ------------------------------------------------------------------ */

static const struct import_step *parent_of(struct import *import, const struct import_step *step, size_t i)
{
	return step->says_parents ? import_find(import, step->parents[i]) : NULL;
}

static void add_parents(struct buffer *text, struct import *import, const struct import_step *step)
{
	bool is_first = true;

	for (size_t i = 0; i < step->parent_count; i++) {
		const struct import_step *parent = parent_of(import, step, i);

		if (!parent)
			continue;
		buffer_printf(text, "%s%0*" PRId64, is_first ? "-- rung: requires: " : ", ", parent->width,
		              parent->number);
		is_first = false;
	}
	if (!is_first)
		buffer_char(text, '\n');
}

static void add_body(struct buffer *text, struct str body)
{
	if (str_trim(body).len == 0)
		return;
	buffer_char(text, '\n');
	while (body.len > 0 && (body.text[0] == '\n' || body.text[0] == '\r'))
		body = str_slice(body, 1, body.len);
	buffer_add(text, body);
	if (!str_ends(body, "\n"))
		buffer_char(text, '\n');
}

static void add_books(struct buffer *text, const struct import *import, const struct part *part)
{
	if (part->books)
		buffer_printf(text, "-- Statements about %s, the history table of %s, are commented out.\n",
		              import_other_history_name(import), import->tool->title);
}

static struct str up_text(struct import *import, const struct import_pair *pair, const struct part *up)
{
	const struct import_step *step = pair->step;
	struct buffer text = {.arena = import->arena};

	buffer_printf(&text, "-- Imported from %s: %s\n", import->tool->title, step->origin);
	add_books(&text, import, up);
	add_parents(&text, import, step);
	if (old_id(step, import->arena))
		buffer_printf(&text, "-- rung: old-id: %s\n", old_id(step, import->arena));
	if (step->transaction_none)
		buffer_text(&text, "-- rung: transaction: none\n");
	if (step->reapply)
		buffer_text(&text, "-- rung: on-change: reapply\n-- rung: order: last\n");
	if (up->statements == 0)
		buffer_printf(&text, "-- rung: empty: %s had no statement here\n", import->tool->title);
	if (pair->down.len == 0)
		buffer_printf(&text, "-- rung: irreversible: %s\n", step->irreversible);
	add_body(&text, up->text);
	return buffer_str(&text);
}

static struct str down_text(struct import *import, const struct import_step *step, const struct part *down)
{
	struct buffer text = {.arena = import->arena};

	buffer_printf(&text, "-- Imported from %s: the rollback of %s\n", import->tool->title, step->origin);
	add_books(&text, import, down);
	if (step->down_transaction_none)
		buffer_text(&text, "-- rung: transaction: none\n");
	if (down->statements == 0)
		buffer_text(&text, "-- rung: empty: there is nothing to undo\n");
	add_body(&text, down->text);
	return buffer_str(&text);
}

/* --- what will not work ------------------------------------------------------- */

static size_t count_statements(const struct script *script)
{
	size_t count = 0;

	for (size_t i = 0; i < script->count; i++)
		count += script->statements[i].echo == NULL;
	return count;
}

static bool check_script(const struct script *script, const struct directives *directives, struct error *err)
{
	enum run_mode mode;

	return directives_check_script(script, err) && mode_of_script(script, directives, 0, &mode, err);
}

static void complain(struct import *import, const struct part *part, const struct error *err)
{
	import_problem_at(
	    import, part->path, arena_strdup(import->arena, err->place[0] ? err->place : part->path),
	    arena_printf(import->arena, "%s%s%s", err->message, err->excerpt[0] ? ": " : "", err->excerpt));
}

/* As many empty lines above it as there are others in its file: every place is then one there. */
static struct str padded(const struct part *part, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t line = 1; line < part->line; line++)
		buffer_char(&text, '\n');
	buffer_add(&text, part->text);
	return buffer_str(&text);
}

/* Reads the text as it will be run. */
static bool inspect(struct import *import, struct part *part, bool transaction_none, struct arena *scratch,
                    struct error *err)
{
	const struct script_options options = {0};
	const size_t padding = part->line ? part->line - 1 : 0;
	const struct str text = padded(part, scratch);
	scoped_script struct script script = {0};
	struct directives directives;

	if (!directives_parse(text, part->path, scratch, &directives, err) ||
	    !script_parse(text, part->path, &options, scratch, &script, err))
		return false;
	import_check_end(import, part->path, text, &script);
	const struct str without = import_without_books(import, part->path, &script, text, &part->books);
	part->text = (struct str){str_copy(import->arena, str_slice(without, padding, without.len)),
	                          without.len - padding};
	part->statements = count_statements(&script) - part->books;
	if (part->statements + part->books == 0 && !import->tool->marks_ends && str_trim(part->text).len > 0)
		import_doubt(import, part->path, 0, "has no statement");
	directives.transaction_none |= transaction_none;
	return check_script(&script, &directives, err);
}

/* Continues with a text that cannot run: the other problems of the file are to be told as well. */
static struct part part_of(struct import *import, const char *path, size_t line, struct str text,
                           bool transaction_none)
{
	scoped_arena struct arena scratch = {0};
	struct part part = {.path = path, .line = line, .text = text};
	struct error err = {0};

	if (!inspect(import, &part, transaction_none, &scratch, &err))
		complain(import, &part, &err);
	return part;
}

static bool check_free(struct import *import, const char *path, struct str text, bool *is_there,
                       struct error *err)
{
	struct str old;

	*is_there = file_exists(path);
	if (!*is_there)
		return true;
	if (!migration_files_read(path, import->arena, &old, err))
		return false;
	if (!str_equal(old, text))
		import_problem(import, path, 0, "exists already, with another text");
	return true;
}

/* --- pairs ------------------------------------------------------------------- */

static struct import_pair pair_of(struct import *import, const struct import_step *step)
{
	const struct settings *settings = import->context->settings;
	struct arena *arena = import->arena;
	struct import_pair pair = {.step = step, .stem = stem_of(step, arena)};

	pair.up_path = path_join(arena, setting_text(settings, SETTING_SCHEMA_DIR),
	                         arena_printf(arena, "%s.sql", pair.stem));
	pair.down_path = path_join(arena, setting_text(settings, SETTING_ROLLBACK_DIR),
	                           arena_printf(arena, "rollback_%s.sql", pair.stem));
	const struct part up = part_of(import, step->path, step->up_line, step->up, step->transaction_none);
	const struct part down = part_of(import, step->down_path ? step->down_path : step->path, step->down_line,
	                                 step->down, step->down_transaction_none);
	if (down.statements > 0 || up.statements == 0)
		pair.down = down_text(import, step, &down);
	pair.up = up_text(import, &pair, &up);
	return pair;
}

static bool add_file(struct import *import, struct rewrite *rewrite, const char *path, struct str text,
                     struct error *err)
{
	bool is_there;

	if (!check_free(import, path, text, &is_there, err))
		return false;
	if (!is_there)
		rewrite_create(rewrite, path, text);
	return true;
}

/* Somebody else's file with our number, or two of theirs. */
static void refuse_duplicate_numbers(struct import *import, const struct import_pair *pair)
{
	const struct migration *other = tree_find_number(&import->context->tree, pair->step->number);

	if (other && strcmp(other->name, pair->stem) != 0)
		import_problem(import, pair->step->path, 0, "would be %s, but %s has that number", pair->stem,
		               other->shown_path);
	for (const struct import_step *step = import->steps; step < pair->step; step++)
		if (step->number == pair->step->number)
			import_problem(import, pair->step->path, 0, "has the number of %s", step->path);
}

static bool add_pair(struct import *import, struct rewrite *rewrite, const struct import_pair *pair,
                     struct error *err)
{
	refuse_duplicate_numbers(import, pair);
	return add_file(import, rewrite, pair->up_path, pair->up, err) &&
	       (pair->down.len == 0 || add_file(import, rewrite, pair->down_path, pair->down, err));
}

static bool add_master(struct import *import, struct rewrite *rewrite, struct error *err)
{
	const char *path = import->context->tree.master_path;
	struct str old;

	if (!path)
		return true;
	if (!migration_files_read(path, import->arena, &old, err))
		return false;
	struct str text = old;
	for (size_t i = 0; i < import->count; i++)
		text = master_with(text,
		                   arena_printf(import->arena, "%s.sql", stem_of(&import->steps[i], import->arena)),
		                   &import->context->tree, import->arena);
	if (!str_equal(text, old))
		rewrite_move_with(rewrite, path, path, text);
	return true;
}

bool import_make_pairs(struct import *import, struct rewrite *rewrite, struct error *err)
{
	for (size_t i = 0; i < import->count; i++) {
		const struct import_pair pair = pair_of(import, &import->steps[i]);

		if (!add_pair(import, rewrite, &pair, err))
			return false;
	}
	return add_master(import, rewrite, err);
}
