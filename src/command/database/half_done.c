/*
 * One place says how far a migration came, because five verbs tell it and must agree: status, show,
 * current, check, repair. Numbers come from the history, texts from the file, and the file may be gone,
 * edited or shorter than it was; then less is said and nothing is wrong.
 *
 * The way down is journaled with numbers of its own (JOURNAL_ROLLBACK_FROM), and its statements are those
 * of the rollback file.
 *
 * Before a migration starts over, a person is told what each finished statement was: nobody can undo by
 * hand what is only a count.
 */
#include "command/database/half_done.h"

#include "base/number_text.h"
#include "command/database/database.h"
#include "history/journal.h"
#include "report/property.h"
#include "sql/script.h"

/* Enough of a statement to know it again. */
enum { LONGEST_EXCERPT = 100 };

static const char *path_that_runs(const struct comparison_entry *entry)
{
	const struct migration *migration = entry->migration;

	if (!migration)
		return NULL;
	if (entry->record->state != RECORD_UNWINDING)
		return migration->path;
	return migration->has_rollback ? migration->rollback_path : NULL;
}

/* Empty where the file is gone or cannot be read. */
static void load_script(const struct context *context, const struct comparison_entry *entry,
                        struct script *out)
{
	const struct script_options options = database_script_options(context);
	const char *path = path_that_runs(entry);
	struct error ignored;

	if (!path || !script_load(path, &options, context->arena, out, &ignored))
		*out = (struct script){0};
}

/* The statement of that number in the journal; NULL where the file does not hold so many. */
static const struct statement *statement_of(const struct script *script, size_t journal_number)
{
	const size_t number = journal_number % JOURNAL_ROLLBACK_FROM;

	return number >= 1 && number <= script->count ? &script->statements[number - 1] : NULL;
}

struct batch_progress half_done_batch(const struct context *context, const struct comparison_entry *entry,
                                      const struct position_list *positions)
{
	const struct batch_position *at = entry->record ? position_find(positions, entry->record->version) : NULL;
	scoped_script struct script script = {0};

	if (!at)
		return (struct batch_progress){0};
	load_script(context, entry, &script);
	return batch_progress(statement_of(&script, at->statement), &at->position, context->arena);
}

/* Of the file that runs, up or down; 0 where it is gone or cannot be read. */
static size_t statement_count(const struct context *context, const struct comparison_entry *entry)
{
	scoped_script struct script script = {0};

	load_script(context, entry, &script);
	return script.count;
}

char *half_done_total(const struct context *context, const struct comparison_entry *entry)
{
	const size_t total = statement_count(context, entry);

	return total ? number_text(context->arena, (int64_t)total) : NULL;
}

char *half_done_text(const struct context *context, const struct comparison_entry *entry,
                     const struct position_list *positions)
{
	struct arena *arena = context->arena;
	const size_t total = statement_count(context, entry);
	const long long done = (long long)entry->record->statements_done;
	const struct batch_progress batch = half_done_batch(context, entry, positions);
	char *text = total ? arena_printf(arena, "%lld of %zu statement%s", done, total, plural(total))
	                   : arena_printf(arena, "%lld statement%s", done, plural((size_t)done));

	if (!batch.rows)
		return text;
	return arena_printf(arena, "%s; of the next, %s", text, batch_progress_text(&batch, arena));
}

/* --- telling it before it is undone --------------------------------------- */

static void tell(const struct context *context, const struct statement *statement,
                 const struct journal_step *step)
{
	const char *state = step->is_done ? "done" : "begun";

	if (!statement) {
		event_note(context->reporter, "%s: statement %zu of a missing file", state,
		           step->statement % JOURNAL_ROLLBACK_FROM);
		return;
	}
	const struct str text = str_slice(statement->text, 0, LONGEST_EXCERPT);
	const struct place place = statement_place(statement, 0);

	event_note(context->reporter, "%s: %s:%zu: %.*s%s", state, place.path, place.line, STR_ARGS(text),
	           text.len < statement->text.len ? "..." : "");
}

static const char *tell_batch(const struct context *context, const struct statement *statement,
                              const struct batch_position *at)
{
	struct arena *arena = context->arena;
	const struct batch_progress progress = batch_progress(statement, &at->position, arena);
	const char *words = batch_progress_text(&progress, arena);
	const struct place place = statement ? statement_place(statement, 0) : (struct place){0};

	struct event event =
	    event_of_note(statement ? arena_printf(arena, "in part: %s:%zu: %s", place.path, place.line, words)
	                            : arena_printf(arena, "in part: %s", words));

	event.version = at->version;
	event.count = at->position.rows;
	event_emit(context->reporter, &event);
	return words;
}

bool half_done_tell(struct context *context, struct session *db, const struct qualified_name *table,
                    const struct comparison_entry *entry, const char **batch, struct error *err)
{
	scoped_script struct script script = {0};
	struct position_list positions;
	struct journal journal;

	if (!journal_load(db, table, entry->record->version, context->arena, &journal, err) ||
	    !position_list_load(db, table, context->arena, &positions, err))
		return false;
	load_script(context, entry, &script);
	for (size_t i = 0; i < journal.count; i++)
		tell(context, statement_of(&script, journal.steps[i].statement), &journal.steps[i]);
	const struct batch_position *at = position_find(&positions, entry->record->version);
	*batch = at ? tell_batch(context, statement_of(&script, at->statement), at) : NULL;
	return true;
}
