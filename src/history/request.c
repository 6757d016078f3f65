/*
 * What the server says of a table of ours ("permission denied for table schema_version", "duplicate key
 * value") is true and helps nobody: which right is missing, and that only rung is to write there, is what
 * the reader needs. It is told by SQLSTATE, and for the row that did not stay by words of our own
 * (NOT_ONE_ROW), never by the server's, which it translates.
 *
 * Values are copied, because a request may be sent in a pipeline long after the caller's array is gone.
 */
#include "history/request.h"

#include <string.h>

#include "history/grants.h"

struct request request_make(const struct qualified_name *history, const char *sql, struct params params,
                            struct arena *arena)
{
	const char **values = arena_array(arena, const char *, (size_t)params.count);

	memcpy(values, params.values, sizeof(*values) * (size_t)params.count);
	return (struct request){.sql = sql, .history = history, .params = {values, params.count}};
}

struct request request_prepared(const struct qualified_name *history, const struct prepared_query *query,
                                struct params params, struct arena *arena)
{
	struct request request = request_make(history, query->sql, params, arena);

	request.prepared = query;
	return request;
}

const char *request_sql(const struct request *request, struct arena *arena)
{
	return request->history ? query_render(arena, request->sql, request->history) : request->sql;
}

/* What rung writes it has just seen missing, so somebody else wrote it; the server's words say which row. */
static bool explain_duplicate(const struct qualified_name *table, struct error *err)
{
	const struct error told = *err;

	error_set(err, ERROR_SQL, "the history \"%s.%s\" has a row already that was to be written to it",
	          table->schema, table->name);
	memcpy(err->sqlstate, told.sqlstate, sizeof(err->sqlstate));
	error_detail(err, "%s%s%s", told.message, *told.detail ? ". " : "", told.detail);
	return error_hint(err, "Only rung writes to its tables. Take the statement that does out of the file, or "
	                       "see who else writes to them; \"rung history\" shows what they hold.");
}

bool request_explain(const struct session *db, const struct request *request, struct error *err)
{
	const struct qualified_name *table = request->history;

	if (!table || err->kind != ERROR_SQL)
		return false;
	if (strstr(err->message, NOT_ONE_ROW)) {
		error_set(err, ERROR_SQL, "the history \"%s.%s\" did not keep a row written to it", table->schema,
		          table->name);
		return error_hint(
		    err, "A trigger, a rule or a policy on its tables takes rows away; \"rung check\" names it.");
	}
	if (strcmp(err->sqlstate, "23505") == 0)
		return explain_duplicate(table, err);
	return grants_explain_tables(db, table, err);
}

bool request_run(struct session *db, const struct request *request, struct error *err)
{
	scoped_arena struct arena arena = {0};

	return execute(db, request_sql(request, &arena), request->params, err) ||
	       request_explain(db, request, err);
}
