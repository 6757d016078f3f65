#include "command/database/log_chain.h"

#include "history/history_store.h"

enum { ID, IS_CHANGED, IS_DETACHED };

static struct log_chain chain_from(const struct rows *rows, struct arena *arena)
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

static void add_missing(const struct rows *rows, struct arena *arena, struct log_chain *chain)
{
	enum { NAME = 1 };

	chain->missing_count = rows_count(rows);
	chain->missing = arena_array(arena, const char *, chain->missing_count + 1);
	for (size_t i = 0; i < chain->missing_count; i++)
		chain->missing[i] = rows_copy(rows, i, NAME, arena);
}

bool log_chain_load(struct session *db, const struct qualified_name *table, const char *newest,
                    struct arena *arena, struct log_chain *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	scoped_rows struct rows *missing = NULL;

	if (!history_read(db, query_render(arena, SQL_history_log_verify, table), PARAMS(newest), &rows, err) ||
	    !history_read(db, query_render(arena, SQL_history_log_missing, table), NO_PARAMS, &missing, err))
		return false;
	*out = chain_from(rows, arena);
	add_missing(missing, arena, out);
	return true;
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
	for (size_t i = 0; i < chain->missing_count; i++) {
		const struct event event = event_of_finding(
		    "unlogged", NULL,
		    arena_printf(context->arena, "migration \"%s\" is applied, and the log does not tell of it",
		                 chain->missing[i]));

		event_emit(context->reporter, &event);
	}
}
