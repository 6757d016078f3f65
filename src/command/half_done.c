#include "command/half_done.h"

#include "history/journal.h"
#include "sql/script.h"

/* Enough of a statement to know it again. */
enum { LONGEST_EXCERPT = 100 };

static const char *path_that_runs(const struct rung *rung)
{
	const struct migration *migration = rung->migration;

	if (!migration)
		return NULL;
	if (rung->record->state != RECORD_UNWINDING)
		return migration->path;
	return migration->has_rollback ? migration->rollback_path : NULL;
}

/* Empty where the file is gone or cannot be read. */
static void load_script(const struct context *context, const struct rung *rung, struct script *out)
{
	const struct script_options options = {.root = context->settings->project_dir};
	const char *path = path_that_runs(rung);
	struct error ignored;

	if (!path || !script_load(path, &options, context->arena, out, &ignored))
		*out = (struct script){0};
}

/* Statements of the file that runs, up or down; 0 where it is gone or cannot be read. */
static size_t half_done_total(const struct context *context, const struct rung *rung)
{
	scoped_script struct script script = {0};

	load_script(context, rung, &script);
	return script.count;
}

char *half_done_text(const struct context *context, const struct rung *rung)
{
	const size_t total = half_done_total(context, rung);
	const long long done = (long long)rung->record->statements_done;

	if (total == 0)
		return arena_printf(context->arena, "%lld statement%s", done, done == 1 ? "" : "s");
	return arena_printf(context->arena, "%lld of %zu statement%s", done, total, total == 1 ? "" : "s");
}

/* The step's statement in `script`; NULL where the file does not hold so many. */
static const struct statement *statement_of(const struct script *script, const struct journal_step *step)
{
	const size_t number = step->statement % JOURNAL_ROLLBACK_FROM;

	return number >= 1 && number <= script->count ? &script->statements[number - 1] : NULL;
}

static void tell(const struct context *context, const struct statement *statement,
                 const struct journal_step *step)
{
	const char *state = step->is_done ? "done" : "begun";

	if (!statement) {
		event_note(context->reporter, "%s: statement %zu of a file that is gone", state,
		           step->statement % JOURNAL_ROLLBACK_FROM);
		return;
	}
	const struct str text = str_slice(statement->text, 0, LONGEST_EXCERPT);
	const struct place place = statement_place(statement, 0);

	event_note(context->reporter, "%s: %s:%zu: %.*s%s", state, place.path, place.line, STR_ARGS(text),
	           text.len < statement->text.len ? "..." : "");
}

bool half_done_tell(struct context *context, struct session *db, const struct qualified_name *table,
                    const struct rung *rung, struct error *err)
{
	scoped_script struct script script = {0};
	struct journal journal;

	if (!journal_load(db, table, rung->record->version, context->arena, &journal, err))
		return false;
	load_script(context, rung, &script);
	for (size_t i = 0; i < journal.count; i++) {
		const struct statement *statement = statement_of(&script, &journal.steps[i]);

		tell(context, statement, &journal.steps[i]);
	}
	return true;
}
