#include "command/log_chain.h"

enum { ID, IS_CHANGED, IS_DETACHED };

struct log_chain log_chain_from(const struct rows *rows, struct arena *arena)
{
	struct log_chain chain = {.broken = arena_array(arena, struct broken_row, rows_count(rows) + 1)};

	for (size_t i = 0; i < rows_count(rows); i++) {
		const struct broken_row row = {rows_number(rows, i, ID), rows_flag(rows, i, IS_CHANGED),
		                               rows_flag(rows, i, IS_DETACHED)};

		if (row.is_changed || row.is_detached)
			chain.broken[chain.count++] = row;
		else
			chain.is_cut = true;
	}
	return chain;
}

static const char *what_is_wrong(const struct broken_row *row)
{
	if (!row->is_changed)
		return "does not follow the row before it";
	return row->is_detached ? "was changed, and does not follow the row before it" : "was changed";
}

void log_chain_emit(const struct log_chain *chain, struct context *context)
{
	for (size_t i = 0; i < chain->count; i++) {
		const struct broken_row *row = &chain->broken[i];

		struct event event = event_of_finding(
		    row->is_changed ? "changed" : "detached", NULL,
		    arena_printf(context->arena, "row %lld of the log %s", (long long)row->id, what_is_wrong(row)));

		event.count = row->id;
		event_emit(context->reporter, &event);
	}
}
