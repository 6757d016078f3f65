#include "history/store.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/digest.h"
#include "pg/pipeline.h"

/* --- shapes ----------------------------------------------------------- */

/*
 * Tables of other tools by columns that only they have. The first word of a
 * "name type" pair is enough.
 */
static const struct {
	const char *column;
	const char *tool;
	const char *import_as;
} foreign_shapes[] = {
    {"installed_rank", "Flyway", "flyway"},        {"version_rank", "Flyway", "flyway"},
    {"dirty", "golang-migrate", "golang-migrate"}, {"is_applied", "goose", "goose"},
    {"version_num", "Alembic", "alembic"},
};

static bool has_column(struct str columns, const char *name)
{
	struct str column;

	while (str_split_next(&columns, ',', &column))
		if (str_is(str_slice(column, 0, str_index(column, ' ')), name))
			return true;
	return false;
}

static bool foreign_table(const struct qualified_name *table, struct str columns, struct error *err)
{
	error_set(err, ERROR_CONFIG, "the table \"%s.%s\" belongs to something else", table->schema, table->name);
	error_detail(err, "Its columns are: %.*s.", STR_ARGS(columns));
	error_hint(err, "Keep the history elsewhere with --history-table SCHEMA.TABLE.");
	for (size_t i = 0; i < sizeof(foreign_shapes) / sizeof(*foreign_shapes); i++)
		if (has_column(columns, foreign_shapes[i].column)) {
			error_set(err, ERROR_CONFIG, "the table \"%s.%s\" is the history of %s", table->schema,
			          table->name, foreign_shapes[i].tool);
			error_hint(err,
			           "Take it over with \"rung import %s\", or keep the history elsewhere with "
			           "--history-table SCHEMA.TABLE.",
			           foreign_shapes[i].import_as);
		}
	if (str_is(columns, "version integer"))
		error_hint(err, "It looks like tern's. Take it over with \"rung import tern\", or keep the history "
		                "elsewhere with --history-table SCHEMA.TABLE.");
	return false;
}

/* "version integer,description text,applied_at timestamp with time zone", and what else people write for
 * these. */
static const char *const hand_written[][4] = {
    {"version integer", "version bigint", "version smallint"},
    {"description text", "description character varying"},
    {"applied_at timestamp with time zone", "applied_at timestamp without time zone"},
};

static bool is_one_of(struct str column, const char *const *choices)
{
	for (; *choices; choices++)
		if (str_is(column, *choices))
			return true;
	return false;
}

static bool is_hand_written(struct str columns)
{
	const size_t count = sizeof(hand_written) / sizeof(*hand_written);
	struct str column;
	size_t i = 0;

	for (; str_split_next(&columns, ',', &column); i++)
		if (i == count || !is_one_of(column, hand_written[i]))
			return false;
	return i == count;
}

static bool is_ours(struct str columns)
{
	static const char *const needed[] = {"version",  "description", "applied_at",     "name",
	                                     "checksum", "state",       "statements_done"};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!has_column(columns, needed[i]))
			return false;
	return true;
}

static bool judge_shape(const struct qualified_name *table, const char *columns, const char *relkind,
                        struct history *history, struct error *err)
{
	if (!columns)
		return true;
	if (!relkind || (relkind[0] != 'r' && relkind[0] != 'p')) {
		error_set(err, ERROR_CONFIG, "\"%s.%s\" is not a table", table->schema, table->name);
		return error_hint(err, "Keep the history elsewhere with --history-table SCHEMA.TABLE.");
	}
	history->exists = true;
	if (is_ours(str_of(columns)))
		return true;
	history->is_adopted = true;
	return is_hand_written(str_of(columns)) || foreign_table(table, str_of(columns), err);
}

/* --- reading ---------------------------------------------------------- */

static const char *const state_names[] = {
    [RECORD_APPLIED] = "applied",
    [RECORD_PARTIAL] = "partial",
    [RECORD_UNWINDING] = "unwinding",
};

const char *record_state_name(enum record_state state)
{
	return state_names[state];
}

/* What a later version may have written counts as applied. */
static enum record_state read_state(const char *name)
{
	for (size_t i = 0; name && i < sizeof(state_names) / sizeof(*state_names); i++)
		if (strcmp(name, state_names[i]) == 0)
			return (enum record_state)i;
	return RECORD_APPLIED;
}

static void read_records(const struct rows *rows, struct arena *arena, struct history *history)
{
	history->count = rows_count(rows);
	history->records = arena_array(arena, struct record, history->count);
	for (size_t i = 0; i < history->count; i++) {
		history->records[i] = (struct record){
		    .version = rows_number(rows, i, 0),
		    .description = rows_copy(rows, i, 1, arena),
		    .applied_at = rows_copy(rows, i, 2, arena),
		    .name = rows_copy(rows, i, 3, arena),
		    .checksum = rows_copy(rows, i, 4, arena),
		    .state = read_state(rows_text(rows, i, 5)),
		    .statements_done = rows_number(rows, i, 6),
		    .duration_ms = rows_number(rows, i, 7),
		    .applied_by = rows_copy(rows, i, 8, arena),
		    .applied_from = rows_copy(rows, i, 9, arena),
		    .tool_version = rows_copy(rows, i, 10, arena),
		    .backup = rows_copy(rows, i, 11, arena),
		    .has_rollback = rows_text(rows, i, 12) != NULL,
		    .rollback_checksum = rows_copy(rows, i, 12, arena),
		    .fingerprint = rows_copy(rows, i, 13, arena),
		};
	}
}

struct loading {
	struct arena *arena;
	struct history history;
	struct server_facts facts;
	const char *columns;
	const char *relkind;
	struct error refusal; /* of the second query */
};

static void receive(void *context, const struct reply *reply)
{
	struct loading *loading = context;

	if (reply->index == 0 && reply->rows) {
		loading->facts = (struct server_facts){
		    .backend_pid = (int)rows_number(reply->rows, 0, 0),
		    .is_read_only = rows_flag(reply->rows, 0, 1),
		    .session_user = rows_copy(reply->rows, 0, 2, loading->arena),
		};
		loading->columns = rows_copy(reply->rows, 0, 3, loading->arena);
		loading->relkind = rows_copy(reply->rows, 0, 4, loading->arena);
	} else if (reply->rows) {
		read_records(reply->rows, loading->arena, &loading->history);
	} else if (reply->error) {
		loading->refusal = *reply->error;
	}
}

/*
 * Both questions in one flight: the second is refused where there is no table
 * yet, which is an answer too. In somebody's transaction a refusal would end
 * it, so there the second one waits for the answer to the first.
 */
static bool ask(struct session *db, const struct qualified_name *table, bool both, struct loading *loading,
                struct error *err)
{
	scoped_pipeline struct pipeline pipeline = {0};
	const char *quoted = qualified_name_quote(loading->arena, table);

	return pipeline_begin(&pipeline, db, receive, loading, err) &&
	       pipeline_send(&pipeline, SQL_history_facts, PARAMS(quoted), err) &&
	       (!both || pipeline_send(&pipeline, query_render(loading->arena, SQL_history_load, table),
	                               NO_PARAMS, err)) &&
	       pipeline_end(&pipeline, err);
}

static bool load(struct session *db, const struct qualified_name *table, struct arena *arena,
                 struct history *history, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *sql = history->is_adopted ? SQL_history_load_adopted : SQL_history_load;

	if (!query(db, query_render(arena, sql, table), NO_PARAMS, &rows, err))
		return false;
	read_records(rows, arena, history);
	return true;
}

bool history_load(struct session *db, const struct qualified_name *table, struct arena *arena,
                  struct history *out, struct server_facts *facts, struct error *err)
{
	struct loading loading = {.arena = arena};
	const bool asks_both = session_transaction(db) != SESSION_IN_TRANSACTION;
	const bool answered = ask(db, table, asks_both, &loading, err);

	if (!answered && (loading.refusal.kind != ERROR_SQL || !loading.facts.session_user))
		return false;
	if (!judge_shape(table, loading.columns, loading.relkind, &loading.history, err))
		return false;
	if (!answered && loading.history.exists && !loading.history.is_adopted) {
		*err = loading.refusal;
		return error_context(err, "while reading \"%s.%s\"", table->schema, table->name);
	}
	if (loading.history.exists && (!asks_both || loading.history.is_adopted) &&
	    !load(db, table, arena, &loading.history, err))
		return error_context(err, "while reading \"%s.%s\"", table->schema, table->name);
	*out = loading.history;
	*facts = loading.facts;
	return true;
}

char *history_prepare_script(const struct qualified_name *table, struct arena *arena)
{
	return query_render(arena, SQL_history_prepare, table);
}

bool history_prepare(struct session *db, const struct qualified_name *table, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const bool is_open = session_transaction(db) == SESSION_IN_TRANSACTION;
	const char *script = history_prepare_script(table, &arena);

	if (!is_open)
		script = arena_printf(&arena, "begin;%s;commit", script);
	if (execute_simple(db, script, NULL, NULL, err))
		return true;
	session_rollback(db);
	error_context(err, "while preparing \"%s.%s\"", table->schema, table->name);
	if (strcmp(err->sqlstate, "42501") == 0)
		error_hint(err, "The user needs CREATE on the schema \"%s\" to keep a history there.", table->schema);
	return false;
}

bool history_kept_rollback(struct session *db, const struct qualified_name *table, int64_t version,
                           struct arena *arena, const char **out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *number = arena_printf(arena, "%lld", (long long)version);

	if (!query(db, query_render(arena, SQL_history_kept_rollback, table), PARAMS(number), &rows, err))
		return false;
	*out = rows_count(rows) ? rows_copy(rows, 0, 0, arena) : NULL;
	return true;
}

/* --- writing ---------------------------------------------------------- */

void author_init(struct author *author, struct arena *arena)
{
	uint8_t random[6] = {0};
	char host[256] = "";
	const struct passwd *user = getpwuid(geteuid());

	if (getrandom(random, sizeof(random), 0) < 0)
		memcpy(random, &(pid_t){getpid()}, sizeof(pid_t));
	gethostname(host, sizeof(host) - 1);
	*author = (struct author){
	    .run_id = hex_text(arena, random, sizeof(random)),
	    .os_user =
	        user ? arena_strdup(arena, user->pw_name) : arena_printf(arena, "%lu", (unsigned long)geteuid()),
	    .host = arena_strdup(arena, host),
	    .tool_version = RUNG_VERSION,
	};
}

static const char *number_text(struct arena *arena, int64_t number)
{
	return arena_printf(arena, "%lld", (long long)number);
}

struct request request_make(const struct qualified_name *history, const char *name, const char *sql,
                            struct params params, struct arena *arena)
{
	const char **values = arena_array(arena, const char *, (size_t)params.count);

	memcpy(values, params.values, sizeof(*values) * (size_t)params.count);
	return (struct request){name, sql, history, {values, params.count}};
}

const char *request_sql(const struct request *request, struct arena *arena)
{
	return request->history ? query_render(arena, request->sql, request->history) : request->sql;
}

struct request history_record(const struct qualified_name *table, const struct author *author,
                              const struct record_facts *facts, bool again, struct arena *arena)
{
	return request_make(
	    table, again ? "rung_record_again" : "rung_record",
	    again ? SQL_history_record_again : SQL_history_record,
	    PARAMS(number_text(arena, facts->version), facts->description, facts->name, facts->checksum,
	           record_state_name(facts->state), number_text(arena, (int64_t)facts->statements_done),
	           author->os_user, author->host, author->tool_version, author->backup, facts->rollback_sql,
	           facts->rollback_checksum, facts->duration_ms ? number_text(arena, facts->duration_ms) : NULL),
	    arena);
}

struct request history_set_state(const struct qualified_name *table, int64_t version, enum record_state state,
                                 struct arena *arena)
{
	return request_make(table, "set_state", SQL_history_set_state,
	                    PARAMS(number_text(arena, version), record_state_name(state)), arena);
}

struct request history_forget(const struct qualified_name *table, int64_t version, struct arena *arena)
{
	return request_make(table, "forget", SQL_history_forget, PARAMS(number_text(arena, version)), arena);
}

struct request history_agree(const struct qualified_name *table, const struct record_facts *facts,
                             struct arena *arena)
{
	return request_make(table, "agree", SQL_history_agree,
	                    PARAMS(number_text(arena, facts->version), facts->name, facts->checksum,
	                           facts->rollback_sql, facts->rollback_checksum),
	                    arena);
}

struct request history_log(const struct qualified_name *table, const struct author *author,
                           const struct log_entry *entry, enum commit_mode commit, struct arena *arena)
{
	static const char *const modes[] = {
	    [COMMIT_AS_CONFIGURED] = NULL, [COMMIT_DURABLE] = "on", [COMMIT_ASYNCHRONOUS] = "off"};

	return request_make(table, "rung_log", SQL_history_log,
	                    PARAMS(entry->action, entry->outcome,
	                           entry->version ? number_text(arena, entry->version) : NULL, entry->name,
	                           entry->checksum, entry->sqlstate, entry->error, author->run_id,
	                           author->os_user, author->host, modes[commit], author->tool_version,
	                           entry->duration_ms < 0 ? NULL : number_text(arena, entry->duration_ms)),
	                    arena);
}

bool request_run(struct session *db, const struct request *request, struct error *err)
{
	scoped_arena struct arena arena = {0};

	return execute(db, request_sql(request, &arena), request->params, err);
}
