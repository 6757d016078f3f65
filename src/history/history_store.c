/*
 * The row that says a migration was applied commits with the migration (docs/decisions/0004), so nothing
 * here writes by itself: a write is a request, a query with its values, which the caller puts into its
 * pipeline or prints into a script. A request with a name is always the same SQL and may be prepared once
 * for a run.
 *
 * Tables are made and widened by one script, which may be run again: it makes what is missing. Rights are
 * taken back in a second message, since only the server knows who was given some by default privileges;
 * both are one transaction. The schema is made only after it was found missing, as who may not create
 * schemas may not even ask "if not exists".
 *
 * What the server says when a write failed speaks of a table that people did not name. request_explain()
 * says which rights are missing, or that something took the row away (NOT_ONE_ROW, :one_row in pg/query.h).
 */
#include "history/history_store.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/number_text.h"
#include "history/grants.h"

/* --- tables ----------------------------------------------------------- */

/* `revoke_end` ends the query whose rows are statements to be run. */
static char *prepare_script(const struct qualified_name *table, const char *revoke_end, struct arena *arena)
{
	return arena_printf(arena, "%s%s%s%s", query_render(arena, SQL_history_prepare, table),
	                    query_render(arena, SQL_history_prepare_revoke, table), revoke_end,
	                    query_render(arena, SQL_history_prepare_comment, table));
}

char *history_prepare_script(const struct qualified_name *table, struct arena *arena)
{
	const char *schema = query_render(arena, SQL_history_create_schema_missing, table);

	return arena_printf(arena, "%s%s%s", strcmp(table->schema, "public") == 0 ? "" : schema,
	                    strcmp(table->schema, "public") == 0 ? "" : "\\gexec\n",
	                    prepare_script(table, "\\gexec\n", arena));
}

/* Ends the transaction too, unless it is somebody else's. */
static bool revoke_others(struct session *db, const struct rows *rows, bool is_inside, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer script = {.arena = &arena};

	for (size_t i = 0; i < rows_count(rows); i++)
		buffer_printf(&script, "%s;", rows_text(rows, i, ONLY_COLUMN));
	if (!is_inside)
		buffer_text(&script, "COMMIT");
	return script.len == 0 || execute_simple(db, buffer_cstr(&script), NULL, NULL, err);
}

static bool prepare(struct session *db, const struct qualified_name *table, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *revokes = NULL;
	const bool is_inside = session_transaction(db) == SESSION_IN_TRANSACTION;
	const char *script = prepare_script(table, ";", &arena);

	if (!is_inside)
		script = arena_printf(&arena, "BEGIN;%s", script);
	return query_simple(db, script, &revokes, err) && revoke_others(db, revokes, is_inside, err);
}

/*
 * The schema is only made where it was found missing: who may not create
 * schemas may not say "if not exists" of one that is there either.
 */
static bool make_schema(struct session *db, const struct qualified_name *table)
{
	scoped_arena struct arena arena = {0};
	struct error refusal;

	session_rollback(db);
	return execute(db, query_render(&arena, SQL_history_create_schema, table), NO_PARAMS, &refusal);
}

bool history_prepare(struct session *db, const struct qualified_name *table, struct error *err)
{
	const bool is_inside = session_transaction(db) == SESSION_IN_TRANSACTION;

	if (prepare(db, table, err))
		return true;
	if (!is_inside && strcmp(err->sqlstate, "3F000") == 0 && make_schema(db, table) &&
	    prepare(db, table, err))
		return true;
	session_rollback(db);
	error_context(err, "while preparing \"%s.%s\"", table->schema, table->name);
	return grants_explain_schema(db, table, err);
}

/* --- writing ---------------------------------------------------------- */

/* A run's id only has to differ from those of other runs in one database: six bytes. */
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

const struct prepared_query history_queries[HISTORY_QUERY_COUNT] = {
    [HISTORY_RECORD_LOGGED] = {"rung_record_logged", SQL_history_record_logged, 0},
    [HISTORY_LOG] = {"rung_log", SQL_history_log, 0},
};

struct request history_record(const struct qualified_name *table, const struct author *author,
                              const struct record_values *facts, bool again, struct arena *arena)
{
	return request_make(
	    table, again ? SQL_history_record_again : SQL_history_record,
	    PARAMS(number_text(arena, facts->version), facts->description, facts->name, facts->checksum,
	           record_state_name(facts->state), number_text(arena, (int64_t)facts->statements_done),
	           author->os_user, author->host, author->tool_version, author->backup, facts->rollback_sql,
	           facts->rollback_checksum, facts->duration_ms ? number_text(arena, facts->duration_ms) : NULL,
	           facts->variables),
	    arena);
}

static const char *const commit_modes[] = {
    [COMMIT_AS_CONFIGURED] = NULL, [COMMIT_DURABLE] = "on", [COMMIT_ASYNCHRONOUS] = "off"};

struct request history_record_logged(const struct qualified_name *table, const struct author *author,
                                     const struct record_values *facts, const struct log_entry *entry,
                                     enum commit_mode commit, struct arena *arena)
{
	return request_prepared(
	    table, &history_queries[HISTORY_RECORD_LOGGED],
	    PARAMS(number_text(arena, facts->version), facts->description, facts->name, facts->checksum,
	           record_state_name(facts->state), number_text(arena, (int64_t)facts->statements_done),
	           author->os_user, author->host, author->tool_version, author->backup, facts->rollback_sql,
	           facts->rollback_checksum, facts->duration_ms ? number_text(arena, facts->duration_ms) : NULL,
	           entry->action, entry->outcome, author->run_id, commit_modes[commit], facts->variables),
	    arena);
}

struct request history_set_state(const struct qualified_name *table, int64_t version, enum record_state state,
                                 struct arena *arena)
{
	/* Of what is on its way down nothing is done yet; what the way up counted says nothing of it. */
	const char *done = state == RECORD_UNWINDING ? "0" : NULL;

	return request_make(table, SQL_history_set_state,
	                    PARAMS(number_text(arena, version), record_state_name(state), done), arena);
}

struct request history_forget(const struct qualified_name *table, int64_t version, struct arena *arena)
{
	return request_make(table, SQL_history_forget, PARAMS(number_text(arena, version)), arena);
}

struct request history_agree(const struct qualified_name *table, const struct record_values *facts,
                             struct arena *arena)
{
	return request_make(table, SQL_history_agree,
	                    PARAMS(number_text(arena, facts->version), facts->name, facts->checksum,
	                           facts->rollback_sql, facts->rollback_checksum),
	                    arena);
}

struct request history_log(const struct qualified_name *table, const struct author *author,
                           const struct log_entry *entry, enum commit_mode commit, struct arena *arena)
{
	return request_prepared(table, &history_queries[HISTORY_LOG],
	                        PARAMS(entry->action, entry->outcome,
	                               entry->version ? number_text(arena, entry->version) : NULL, entry->name,
	                               entry->checksum, entry->sqlstate, entry->error, author->run_id,
	                               author->os_user, author->host, commit_modes[commit], author->tool_version,
	                               entry->duration_ms < 0 ? NULL : number_text(arena, entry->duration_ms),
	                               entry->rollback_checksum, entry->sql, entry->sql_back),
	                        arena);
}

static const char *claimed_versions(const struct claim_list *claims, bool are_applied, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < claims->count; i++)
		if (claims->items[i].is_applied == are_applied)
			buffer_printf(&text, "%s%lld", text.len ? "," : "{", (long long)claims->items[i].version);
	buffer_text(&text, text.len ? "}" : "{}");
	return buffer_cstr(&text);
}

static const char *claimed_checksums(const struct claim_list *claims, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < claims->count; i++)
		if (claims->items[i].is_applied)
			buffer_printf(&text, "%s%s", text.len ? "," : "{",
			              claims->items[i].checksum ? claims->items[i].checksum : "\"\"");
	buffer_text(&text, text.len ? "}" : "{}");
	return buffer_cstr(&text);
}

struct request history_recorded(const struct qualified_name *table, const struct claim_list *claims,
                                struct arena *arena)
{
	return request_make(table, SQL_history_recorded,
	                    PARAMS(claimed_versions(claims, true, arena), claimed_checksums(claims, arena),
	                           claimed_versions(claims, false, arena)),
	                    arena);
}
