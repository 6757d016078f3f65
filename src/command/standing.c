#include "command/standing.h"

#include <string.h>

static char *server_title(const struct session *db, struct arena *arena)
{
	const int version = session_server_version(db);

	return arena_printf(arena, "PostgreSQL %d.%d", version / 10000, version % 10000);
}

/* The limit must end with our question: behind a pooler the backend goes on to serve somebody else. */
static bool load_history(struct session *db, const struct qualified_name *table, struct arena *arena,
                         struct standing *out, struct error *err)
{
	if (!execute_simple(db, "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'", NULL, NULL, err))
		return false;
	const bool is_loaded = history_load(db, table, arena, &out->history, &out->facts, err);
	session_rollback(db);
	if (is_loaded)
		return true;
	if (strcmp(err->sqlstate, "55P03") != 0)
		return false;
	error_set(err, ERROR_LOCK, "could not look at \"%s.%s\": somebody holds a lock on it", table->schema,
	          table->name);
	return error_hint(err, "A deployment that is just beginning does so for a moment. Try again.");
}

bool standing_load(struct context *context, struct standing *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	struct standing standing = {.options = database_plan_options(context)};

	if (!database_history_table(context, &table, err) || !database_open(context, &db, err) ||
	    !load_history(db, &table, context->arena, &standing, err))
		return false;
	standing.database = database_title(db, context->arena);
	standing.database_name = arena_strdup(context->arena, session_database(db));
	standing.server = server_title(db, context->arena);
	standing.user = arena_strdup(context->arena, session_user(db));
	ladder_build(&context->tree, &standing.history, context->arena, &standing.ladder);
	plan_compare(&context->tree, &standing.history, &standing.options, context->arena, &standing.differences);
	*out = standing;
	return true;
}

size_t standing_count(const struct standing *standing, enum difference_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < standing->differences.count; i++)
		count += standing->differences.items[i].kind == kind;
	return count;
}

const char *standing_word(const struct standing *standing, size_t rung)
{
	enum difference_kind kind;

	return ladder_difference(&standing->ladder, rung, &standing->options, &kind) ? difference_name(kind)
	                                                                             : "applied";
}

size_t standing_heads(const struct standing *standing, struct arena *arena, const struct rung ***out)
{
	size_t *heads = NULL;
	const size_t count = graph_heads(&standing->ladder.graph, standing->ladder.applied, arena, &heads);

	*out = arena_array(arena, const struct rung *, count + 1);
	for (size_t i = 0; i < count; i++)
		(*out)[i] = &standing->ladder.rungs[heads[i]];
	return count;
}
