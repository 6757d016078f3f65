/*
 * The chain is computed by the server, from the rows as they are, so that a log of any length costs one
 * answer; only what does not fit comes here. A log that was emptied, or cut from its end, is whole in itself:
 * there the history tells of migrations that the log lacks.
 *
 * What a person has accepted is asked for only where something does not fit, since it reads the whole log,
 * and it counts as long as the digest says that it is the same.
 */
#include "command/database/log_chain.h"

#include <string.h>

#include "history/accepted_log.h"

static const char no_such_table[] = "42P01";

/* The columns of log_verify.sql. */
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

/* Rows of log_missing.sql or log_gone.sql. */
static void add_missing(const struct rows *rows, struct arena *arena, struct log_chain *chain)
{
	enum { VERSION, NAME };

	chain->missing_count = rows_count(rows);
	chain->missing = arena_array(arena, const char *, chain->missing_count + 1);
	chain->missing_numbers = arena_array(arena, int64_t, chain->missing_count + 1);
	for (size_t i = 0; i < chain->missing_count; i++) {
		chain->missing[i] = rows_copy(rows, i, NAME, arena);
		chain->missing_numbers[i] = rows_number(rows, i, VERSION);
	}
}

/* Asked only where something is wrong: it reads the whole log. */
static bool leave_out_accepted(struct session *db, const struct qualified_name *table, struct arena *arena,
                               struct log_chain *chain, struct error *err)
{
	struct accepted_log accepted;
	size_t kept = 0;

	if (chain->count == 0)
		return true;
	if (!accepted_log_load(db, table, arena, &accepted, err))
		return false;
	chain->accepted_until = accepted.until;
	for (size_t i = 0; i < chain->count; i++)
		if (chain->broken[i].id >= accepted.until)
			chain->broken[kept++] = chain->broken[i];
	chain->count = kept;
	return true;
}

/*
 * A database that nothing was ever applied to has no log either: the error stays what it was. One that cannot
 * be asked is another error, or nobody would hear of the log that is gone. The failed read has ended the
 * transaction.
 */
static bool load_gone(struct session *db, const struct qualified_name *table, struct arena *arena,
                      struct log_chain *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (strcmp(err->sqlstate, no_such_table) != 0)
		return false;
	session_rollback(db);
	if (!session_begin(db, "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'", &trouble) ||
	    !history_read(db, query_render(arena, SQL_history_log_gone, table), NO_PARAMS, &rows, &trouble)) {
		if (strcmp(trouble.sqlstate, no_such_table) != 0)
			*err = trouble;
		return false;
	}
	if (rows_count(rows) == 0)
		return false;
	add_missing(rows, arena, out);
	out->gone = arena_printf(arena, "%s.%s_log", table->schema, table->name);
	return true;
}

bool log_chain_load(struct session *db, const struct qualified_name *table, const char *newest,
                    struct arena *arena, struct log_chain *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	scoped_rows struct rows *missing = NULL;

	*out = (struct log_chain){0};
	if (!history_read(db, query_render(arena, SQL_history_log_verify, table), PARAMS(newest), &rows, err) ||
	    !history_read(db, query_render(arena, SQL_history_log_missing, table), NO_PARAMS, &missing, err))
		return load_gone(db, table, arena, out, err);
	*out = chain_from(rows, arena);
	add_missing(missing, arena, out);
	return leave_out_accepted(db, table, arena, out, err);
}

size_t log_chain_findings(const struct log_chain *chain)
{
	return chain->gone ? 1 : chain->count + chain->missing_count;
}

static void emit_gone(const struct log_chain *chain, struct context *context)
{
	const struct event event = event_of_finding(
	    "log-gone", NULL,
	    arena_printf(context->arena, "the log, \"%s\", is gone, and %zu migration%s applied", chain->gone,
	                 chain->missing_count, chain->missing_count == 1 ? " is" : "s are"));

	event_emit(context->reporter, &event);
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
	if (chain->gone) {
		emit_gone(chain, context);
		return;
	}
	for (size_t i = 0; i < chain->missing_count; i++) {
		const struct event event = event_of_finding(
		    "unlogged", NULL,
		    arena_printf(context->arena, "migration \"%s\" is applied, and the log does not tell of it",
		                 chain->missing[i]));

		event_emit(context->reporter, &event);
	}
}
