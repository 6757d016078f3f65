/*
 * Looking must not disturb and must not wait: all is read-only and has a lock_timeout of 2 s, no lock of ours
 * is taken, and the connection is closed before anything is printed, so that a reader who pages through the
 * output holds nothing. Each question is a transaction of its own (session_look), as one around them would be
 * two round trips more; only a role that a pooler lets us take for one transaction needs that.
 *
 * What is asked beside the history is asked last. A role that may read the history need not be allowed to
 * read the log or the positions of batches, and in PostgreSQL a refused query ends the transaction; the
 * history is in memory by then, and the rest is left out. Only that is passed over: what a line that was lost
 * would have said must not be missing without a word.
 *
 * Each verb says how much it needs. A status asks for the newest failure, a check for the audit and for
 * 5,000 rows of the log's chain.
 */
#include "command/database/database_state.h"

#include <string.h>

static char *server_title(const struct session *db, struct arena *arena)
{
	const int version = session_server_version(db);

	return arena_printf(arena, "PostgreSQL %d.%d", version / 10000, version % 10000);
}

/* What is read beside the history itself. */
enum more { MORE_NOTHING = 0, MORE_LOG = 1, MORE_AUDIT = 2, MORE_DRIFT = 4, MORE_DRIFT_GLANCE = 8 };

/* The columns of log_failure.sql. */
enum {
	FAILURE_AT,
	FAILURE_NAME,
	FAILURE_ERROR,
	FAILURE_SQLSTATE,
};

/* Refused for want of rights, by what such a refusal ended, or because the tables are of another build. */
static bool is_passed_over(const struct error *err)
{
	static const char *const states[] = {"42501", "25P02", "42P01", "42703"};

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(err->sqlstate, states[i]) == 0)
			return true;
	return false;
}

/* Who may read the history need not be allowed to read the log. */
static bool load_failure(struct session *db, const struct qualified_name *table, struct arena *arena,
                         struct failure *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!history_read(db, query_render(arena, SQL_history_log_failure, table), NO_PARAMS, &rows, err))
		return is_passed_over(err);
	if (rows_count(rows) == 0)
		return true;
	*out = (struct failure){
	    .at = rows_copy(rows, 0, FAILURE_AT, arena),
	    .name = rows_copy(rows, 0, FAILURE_NAME, arena),
	    .error = rows_copy(rows, 0, FAILURE_ERROR, arena),
	    .sqlstate = rows_copy(rows, 0, FAILURE_SQLSTATE, arena),
	};
	return true;
}

/* Positions exist only for what stopped half-way; everybody else is spared the query. */
static bool has_half_done(const struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].state != RECORD_APPLIED)
			return true;
	return false;
}

/* Asked last: who may not read them ends the transaction by asking, and does without. */
static bool load_positions(struct session *db, const struct qualified_name *table, struct arena *arena,
                           struct database_state *out, struct error *err)
{
	if (!has_half_done(&out->history) || position_list_load(db, table, arena, &out->positions, err))
		return true;
	out->positions = (struct position_list){0};
	return is_passed_over(err);
}

/* A log of that many rows is checked in a few hundredths of a second. */
#define ROWS_CHECKED "5000"

/* Asked last, as the positions are: an error ends the transaction. */
static void load_chain(struct session *db, const struct qualified_name *table, struct arena *arena,
                       struct database_state *out)
{
	struct error trouble;

	if (!log_chain_load(db, table, ROWS_CHECKED, arena, &out->log, &trouble))
		out->log_trouble = arena_strdup(arena, trouble.message);
}

/* The same: who may not read the log is told so by the chain. */
static bool was_reapplied(struct session *db, const struct qualified_name *table, struct arena *arena)
{
	scoped_rows struct rows *rows = NULL;
	struct error ignored;

	return history_read(db, query_render(arena, SQL_history_reapplied, table), NO_PARAMS, &rows, &ignored) &&
	       rows_count(rows) == 1 && rows_flag(rows, 0, ONLY_COLUMN);
}

static bool has_log(const struct history *history)
{
	return history->exists && !history->is_adopted;
}

static bool begin_to_look(struct session *db, struct error *err)
{
	if (session_role_is_local(db))
		return session_begin(db, "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'", err);
	session_look(db);
	return true;
}

static bool load_history(struct session *db, const struct qualified_name *table, int more,
                         struct arena *arena, struct database_state *out, struct error *err)
{
	if (!begin_to_look(db, err))
		return false;
	static const enum history_use uses[] = {
	    [MORE_NOTHING] = HISTORY_TO_SHOW,
	    [MORE_LOG] = HISTORY_TO_DATE,
	    [MORE_AUDIT] = HISTORY_TO_PLAN,
	};
	const bool is_loaded = history_load(db, table, uses[more & (MORE_LOG | MORE_AUDIT)], arena, &out->history,
	                                    &out->facts, err) &&
	                       (!(more & MORE_AUDIT) || history_audit(db, table, arena, &out->audit, err)) &&
	                       (!(more & MORE_LOG) || !has_log(&out->history) ||
	                        load_failure(db, table, arena, &out->failure, err)) &&
	                       load_positions(db, table, arena, out, err);
	if (is_loaded && more & MORE_AUDIT && has_log(&out->history)) {
		load_chain(db, table, arena, out);
		out->was_reapplied = was_reapplied(db, table, arena);
	}
	session_rollback(db);
	if (is_loaded)
		return true;
	if (strcmp(err->sqlstate, "55P03") != 0)
		return false;
	error_set(err, ERROR_LOCK, "could not look at \"%s.%s\": another session holds a lock on it",
	          table->schema, table->name);
	return error_hint(err, "A deployment that has just started holds one for a moment. Try again.");
}

/* All of the catalogs, which is what takes the time: only where there is something to compare with. */
static void load_drift(const struct context *context, struct session *db, const struct qualified_name *table,
                       int more, struct database_state *out)
{
	const struct drift_options options = {
	    table, setting_list(context->settings, SETTING_DRIFT_IGNORE, context->arena)};

	if (!has_log(&out->history) || out->history.is_outdated)
		out->drift = (struct drift){.state = DRIFT_NOT_COMPARED};
	else if (more & MORE_DRIFT)
		drift_look(db, &options, context->arena, &out->drift);
	else if (more & MORE_DRIFT_GLANCE)
		drift_glance(db, &options, context->arena, &out->drift);
}

static bool load(struct context *context, int more, struct database_state *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	struct database_state state = {.options = database_plan_options(context)};

	if (!database_history_table(context, &table, err) || !database_open(context, &db, err) ||
	    !load_history(db, &table, more, context->arena, &state, err))
		return false;
	load_drift(context, db, &table, more, &state);
	state.database = database_title(db, context->arena);
	state.database_name = arena_strdup(context->arena, session_database(db));
	state.server = server_title(db, context->arena);
	state.user = arena_strdup(context->arena, session_user(db));
	comparison_build(&context->tree, &state.history, context->arena, &state.comparison);
	plan_compare(&context->tree, &state.history, &state.options, context->arena, &state.differences);
	*out = state;
	return true;
}

bool database_state_load(struct context *context, struct database_state *out, struct error *err)
{
	return load(context, MORE_NOTHING, out, err);
}

bool database_state_load_with_log(struct context *context, bool with_drift, struct database_state *out,
                                  struct error *err)
{
	return load(context, with_drift ? MORE_LOG | MORE_DRIFT_GLANCE : MORE_LOG, out, err);
}

bool database_state_load_with_audit(struct context *context, struct database_state *out, struct error *err)
{
	return load(context, MORE_AUDIT | MORE_DRIFT, out, err);
}

size_t database_state_count(const struct database_state *state, enum difference_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < state->differences.count; i++)
		count += state->differences.items[i].kind == kind;
	return count;
}

const char *database_state_word(const struct database_state *state, size_t entry)
{
	enum difference_kind kind;

	return comparison_difference(&state->comparison, entry, &state->options, &kind) ? difference_name(kind)
	                                                                                : "applied";
}

static bool is_wholly_applied(const struct comparison_entry *entry)
{
	return entry->record && entry->record->state == RECORD_APPLIED;
}

size_t database_state_applied_count(const struct database_state *state)
{
	size_t count = 0;

	for (size_t i = 0; i < state->comparison.count; i++)
		count += is_wholly_applied(&state->comparison.entries[i]);
	return count;
}

size_t database_state_heads(const struct database_state *state, struct arena *arena,
                            const struct comparison_entry ***out)
{
	const struct comparison *comparison = &state->comparison;
	bool *applied = arena_array(arena, bool, comparison->count);
	size_t *heads = NULL;

	for (size_t i = 0; i < comparison->count; i++)
		applied[i] = is_wholly_applied(&comparison->entries[i]);
	const size_t count = graph_heads(&comparison->graph, applied, arena, &heads);
	*out = arena_array(arena, const struct comparison_entry *, count + 1);
	for (size_t i = 0; i < count; i++)
		(*out)[i] = &comparison->entries[heads[i]];
	return count;
}
