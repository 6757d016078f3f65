/*
 * The position in the history knows bounds and rows; what they are bounds of
 * is in the directive before the statement, and nowhere else. A statement
 * that was edited since is not run on, so its directive is believed here.
 */
#include "apply/batch/batch_progress.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "migration/batch_directive.h"

/* "a, b" of what there is; NULL for nothing. */
static const char *join(const char *const *values, size_t count, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < count && values[i]; i++)
		buffer_printf(&list, "%s%s", i ? ", " : "", values[i]);
	return list.len ? buffer_cstr(&list) : NULL;
}

/* The page of "(17,0)". */
static const char *page_text(const char *tid, struct arena *arena)
{
	return tid && *tid ? arena_printf(arena, "%lld", strtoll(tid + 1, NULL, 10)) : NULL;
}

static bool read_batch(const struct statement *statement, struct arena *arena, struct batch *out)
{
	struct error ignored;

	return statement && batch_is_wanted(statement) && batch_parse(statement, arena, out, &ignored);
}

struct batch_progress batch_progress(const struct statement *statement, const struct position *position,
                                     struct arena *arena)
{
	struct batch batch = {0};
	struct batch_progress progress = {
	    .rows = arena_printf(arena, "%lld", (long long)position->rows),
	    .done_to = join(position->lo, POSITION_COLUMNS, arena),
	    .ends_at = join(position->hi, POSITION_COLUMNS, arena),
	};

	if (!read_batch(statement, arena, &batch))
		return progress;
	progress.table = batch.table;
	switch (batch.way) {
	case BATCH_BY_KEY:
		progress.key = join(batch.columns, batch.column_count, arena);
		break;
	case BATCH_BY_CTID:
		progress.key = "page";
		progress.done_to = page_text(position->lo[0], arena);
		progress.ends_at = page_text(position->hi[0], arena);
		break;
	case BATCH_REPEAT:
		progress.done_to = NULL;
		break;
	}
	return progress;
}

char *batch_progress_text(const struct batch_progress *progress, struct arena *arena)
{
	const bool is_one = progress->rows[0] == '1' && !progress->rows[1];
	struct buffer text = {.arena = arena};

	buffer_printf(&text, "%s row%s", progress->rows, is_one ? "" : "s");
	if (progress->table)
		buffer_printf(&text, " of table %s", progress->table);
	buffer_text(&text, is_one ? " is done" : " are done");
	if (progress->done_to)
		buffer_printf(&text, ", up to %s%s%s", progress->key ? progress->key : "", progress->key ? " " : "",
		              progress->done_to);
	if (progress->done_to && progress->ends_at)
		buffer_printf(&text, " of %s", progress->ends_at);
	return buffer_cstr(&text);
}
