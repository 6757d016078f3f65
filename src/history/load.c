/*
 * Reading the history, in one round trip where that is possible.
 *
 * Policies of row-level security would hide rows without a word, and a history
 * that looks empty is run again from its beginning. So everything of ours is
 * read with row_security off, which makes the server refuse instead, for the
 * length of the transaction that reads: the user's files keep their setting.
 */
#include <string.h>

#include "history/grants.h"
#include "history/history_rows.h"
#include "history/history_store.h"
#include "history/shape.h"
#include "pg/history_table.h"
#include "pg/pipeline.h"

/* --- a read of ours ------------------------------------------------------ */

struct read {
	struct rows **rows; /* one for each query, NULL for those without an answer */
	size_t first;       /* reply of the first query */
	size_t count;
	struct error refusal; /* of the first query that failed */
};

static void take_reply(void *context, const struct reply *reply)
{
	struct read *read = context;

	if (reply->error && !read->refusal.kind)
		read->refusal = *reply->error;
	if (reply->rows && reply->index >= read->first && reply->index - read->first < read->count)
		read->rows[reply->index - read->first] = reply_take(reply);
}

/* In a transaction of somebody else's the setting is taken back with the savepoint. */
static bool send_reads(struct pipeline *pipeline, bool is_inside, bool is_looking,
                       const struct read_query *queries, size_t count, struct error *err)
{
	if (is_inside && !pipeline_send(pipeline, "SAVEPOINT rung_read", NO_PARAMS, err))
		return false;
	if (is_looking && !pipeline_send(pipeline, SQL_history_only_look, NO_PARAMS, err))
		return false;
	if (!pipeline_send(pipeline, SQL_history_read_all, NO_PARAMS, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!pipeline_send(pipeline, queries[i].sql, queries[i].params, err))
			return false;
	return !is_inside || (pipeline_send(pipeline, "ROLLBACK TO SAVEPOINT rung_read", NO_PARAMS, err) &&
	                      pipeline_send(pipeline, "RELEASE SAVEPOINT rung_read", NO_PARAMS, err));
}

static bool read_all(struct session *db, const struct read_query *queries, struct read *read,
                     struct error *err)
{
	scoped_pipeline struct pipeline pipeline = {0};
	const bool is_inside = session_transaction(db) == SESSION_IN_TRANSACTION;
	const bool is_looking = session_is_looking(db);

	read->first = 1U + is_inside + is_looking;
	return pipeline_begin(&pipeline, db, take_reply, read, err) &&
	       send_reads(&pipeline, is_inside, is_looking, queries, read->count, err) &&
	       pipeline_end(&pipeline, err);
}

/* Where the role holds for a transaction only, one is begun to read in. */
static bool begin_as_role(struct session *db, bool *has_begun, struct error *err)
{
	*has_begun = session_role_is_local(db) && session_transaction(db) == SESSION_IDLE;
	return !*has_begun || session_begin(db, "BEGIN", err);
}

bool history_read(struct session *db, const char *sql, struct params params, struct rows **out,
                  struct error *err)
{
	const struct read_query query = {sql, params};
	struct read read = {.rows = out, .count = 1};
	bool has_begun = false;

	*out = NULL;
	const bool done = begin_as_role(db, &has_begun, err) && read_all(db, &query, &read, err);
	if (has_begun)
		session_rollback(db);
	if (!done)
		rows_clear(out);
	return done;
}

/* --- the history ---------------------------------------------------------- */

/* Columns of facts.sql. */
enum {
	FACT_PID,
	FACT_IS_STANDBY,
	FACT_SESSION_USER,
	FACT_COLUMNS,
	FACT_RELKINDS,
	FACT_HIDDEN,
	FACT_CURRENT_USER,
	FACT_IS_SUSPECT,
};

static bool refuse_hidden(const char *hidden, const char *user, struct error *err)
{
	error_set(err, ERROR_CONFIG, "row-level security hides rows of %s from the role \"%s\"", hidden, user);
	error_detail(err, "Applied migrations may be among the hidden rows.");
	return error_hint(
	    err,
	    "Run rung as the owner of the tables or as a role with BYPASSRLS, or switch it off: ALTER TABLE ... "
	    "DISABLE ROW LEVEL SECURITY.");
}

static bool read_facts(const struct qualified_name *table, const struct rows *rows, struct arena *arena,
                       struct history *history, struct server_info *facts, struct error *err)
{
	if (!rows_are_one(rows, err))
		return false;
	*facts = (struct server_info){
	    .backend_pid = (int)rows_number(rows, 0, FACT_PID),
	    .is_read_only = rows_flag(rows, 0, FACT_IS_STANDBY),
	    .session_user = rows_copy(rows, 0, FACT_SESSION_USER, arena),
	    .current_user = rows_copy(rows, 0, FACT_CURRENT_USER, arena),
	    .has_tables =
	        strspn(rows_text(rows, 0, FACT_RELKINDS), "-") < strlen(rows_text(rows, 0, FACT_RELKINDS)),
	    .is_suspect = rows_flag(rows, 0, FACT_IS_SUSPECT),
	};
	if (!shape_judge(table, rows_text(rows, 0, FACT_COLUMNS), rows_text(rows, 0, FACT_RELKINDS), history,
	                 err))
		return false;
	if (rows_text(rows, 0, FACT_HIDDEN))
		return refuse_hidden(rows_text(rows, 0, FACT_HIDDEN), facts->current_user, err);
	return true;
}

/*
 * What is asked, in this order; the facts tell which of the others can have an answer. Where the gate does
 * not open, what is behind it is not run. What code there is costs the server as much as the other facts.
 */
enum { ASK_CODE, ASK_FACTS, ASK_GATE, ASK_RECORDS, ASK_RUN, ASK_COUNT };

static const struct use {
	const char *shows[2]; /* $1 and $2 of load.sql */
	size_t first;
	size_t end;
} uses[] = {
    [HISTORY_TO_SHOW] = {{"t", "t"}, ASK_FACTS, ASK_COUNT},
    [HISTORY_TO_DATE] = {{"f", "t"}, ASK_FACTS, ASK_COUNT},
    [HISTORY_TO_PLAN] = {{"f", "f"}, ASK_FACTS, ASK_RUN},
    [HISTORY_TO_CONTINUE] = {{"f", "f"}, ASK_FACTS, ASK_COUNT},
    [HISTORY_TO_RUN] = {{"f", "f"}, ASK_CODE, ASK_COUNT},
};

struct loading {
	struct session *db;
	const struct qualified_name *table;
	struct arena *arena;
	const struct use *use;
	struct rows *rows[ASK_COUNT];
	struct error refusal; /* of the first behind the facts */
};

static void loading_clear_from(struct loading *loading, size_t first)
{
	for (size_t i = first; i < ASK_COUNT; i++)
		rows_clear(&loading->rows[i]);
}

static void loading_clear(struct loading *loading)
{
	loading_clear_from(loading, 0);
}

static bool ask(struct loading *loading, size_t from, size_t to, bool is_adopted, struct error *err)
{
	const char *records = is_adopted ? SQL_history_load_adopted : SQL_history_load;
	const struct params names = PARAMS(history_table_array(loading->table, loading->arena));
	const struct read_query queries[] = {
	    {SQL_history_code, NO_PARAMS},
	    {SQL_history_facts, names},
	    {SQL_history_gate, NO_PARAMS},
	    {query_render(loading->arena, records, loading->table),
	     is_adopted ? NO_PARAMS : (struct params){loading->use->shows, 2}},
	    {query_render(loading->arena, SQL_history_run_load, loading->table), NO_PARAMS},
	};
	struct read read = {.rows = loading->rows + from, .count = to - from};

	if (read_all(loading->db, queries + from, &read, err))
		return true;
	loading->refusal = read.refusal;
	return false;
}

/* What was refused has left somebody's transaction failed; the savepoint is from before the questions. */
static bool go_back(struct loading *loading, bool is_inside, struct error *err)
{
	return !is_inside ||
	       execute_simple(loading->db, "ROLLBACK TO SAVEPOINT rung_read; RELEASE SAVEPOINT rung_read",
	                      loading->arena, NULL, err);
}

/* All questions in one pipeline: the records are refused where there is no table yet, which is an answer too.
 */
static bool ask_all(struct loading *loading, struct error *err)
{
	const bool is_inside = session_transaction(loading->db) == SESSION_IN_TRANSACTION;

	return ask(loading, loading->use->first, loading->use->end, false, err) ||
	       (loading->rows[ASK_FACTS] && loading->refusal.kind == ERROR_SQL &&
	        go_back(loading, is_inside, err));
}

/* Those that could not be asked, or not so, before the facts were known. */
static bool ask_rest(struct loading *loading, const struct history *history, struct error *err)
{
	const size_t to = history->is_adopted || history->is_outdated ? ASK_RUN : loading->use->end;
	const bool has_all = loading->rows[ASK_RECORDS] && (to == ASK_RUN || loading->rows[ASK_RUN]);

	if (!history->exists || has_all)
		return true;
	if (loading->refusal.kind && !history->is_adopted && !history->is_outdated) {
		*err = loading->refusal;
		return false;
	}
	/* The gate opens to facts of its own transaction. */
	loading_clear_from(loading, ASK_FACTS);
	return ask(loading, ASK_FACTS, to, history->is_adopted, err);
}

static bool explain(const struct qualified_name *table, const struct loading *loading, struct error *err)
{
	(void)!grants_explain_tables(loading->db, table, err);
	return error_context(err, "while reading \"%s.%s\"", loading->table->schema, loading->table->name);
}

static bool has_code(const struct loading *loading)
{
	const struct rows *rows = loading->rows[ASK_CODE];

	return !rows || rows_count(rows) != 1 || rows_flag(rows, 0, ONLY_COLUMN);
}

static bool load(struct session *db, const struct qualified_name *table, enum history_use use,
                 struct arena *arena, struct history *out, struct server_info *facts, struct error *err)
{
	SCOPED(loading_clear)
	struct loading loading = {.db = db, .table = table, .arena = arena, .use = &uses[use]};
	struct history history = {0};

	if (!ask_all(&loading, err))
		return false;
	if (!read_facts(table, loading.rows[ASK_FACTS], arena, &history, facts, err))
		return false;
	facts->has_code_everywhere = has_code(&loading);
	if (!ask_rest(&loading, &history, err))
		return explain(table, &loading, err);
	if (loading.rows[ASK_RECORDS])
		history_read_records(loading.rows[ASK_RECORDS], arena, &history);
	history.unfinished = history_read_run(loading.rows[ASK_RUN], arena);
	*out = history;
	return true;
}

bool history_load(struct session *db, const struct qualified_name *table, enum history_use use,
                  struct arena *arena, struct history *out, struct server_info *facts, struct error *err)
{
	bool has_begun = false;
	const bool done = begin_as_role(db, &has_begun, err) && load(db, table, use, arena, out, facts, err);

	if (has_begun)
		session_rollback(db);
	return done;
}
