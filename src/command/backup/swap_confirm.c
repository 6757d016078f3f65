/*
 * The question names what is lost by its newest migration as well: "before 43_invoices" tells a person at
 * night more than a time does. Where the database cannot be asked (it may be what is broken) the question
 * does without it, as a swap is how one gets out of that.
 *
 * How to undo it is told after, as SQL: the names then exist, and nobody has to work out which of the two
 * databases is which.
 */
#include "command/backup/swap_confirm.h"

#include "base/number_text.h"
#include "command/run/question.h"
#include "report/property.h"

/* NULL for none, also where the database cannot be asked. */
static const char *head_now(struct context *context)
{
	struct history history;
	struct error ignored;
	const char *head = NULL;

	if (!database_load_history(context, &history, &ignored))
		return NULL;
	for (size_t i = 0; i < history.count; i++) {
		const struct record *record = &history.records[i];

		if (record->state == RECORD_APPLIED)
			head = record->name ? record->name : number_text(context->arena, record->version);
	}
	return head;
}

static const char *describe(struct context *context, const struct backup_selection *selection)
{
	struct arena *arena = context->arena;
	const struct manifest *manifest = &selection->entry.manifest;
	const char *head = manifest->migrations.head_name;

	if (!selection->entry.id)
		return arena_printf(arena, "the file \"%s\"", selection->path);
	return arena_printf(arena, "the backup %s, made %s %s%s", selection->entry.id, manifest->created_at,
	                    head ? "at " : "empty", head ? head : "");
}

bool swap_confirm_ask(struct context *context, const struct backup_selection *selection,
                      const struct swap *names, struct error *err)
{
	struct arena *arena = context->arena;

	if (!names->current)
		return true;
	const char *head = head_now(context);
	const char *question =
	    arena_printf(arena,
	                 "Swap in %s, for the database %s%s%s? Its sessions are terminated. It is kept as "
	                 "\"%s\", the only one with the rows written since the backup.",
	                 describe(context, selection), database_meant(context), head ? ", now at " : "",
	                 head ? head : "", names->kept);

	return question_settle(context, arena_printf(arena, "swapping %s out", database_meant(context)), question,
	                       NULL, NULL, err);
}

void swap_confirm_tell(struct context *context, const struct swap *names)
{
	if (!names->current)
		return;
	event_note(context->reporter, "the restored database is \"%s\" now, and the one before it is \"%s\"",
	           names->current, names->kept);
	event_note(context->reporter, "to undo this, run in another database: %s",
	           swap_undoing(names, context->arena));
}
