/*
 * Each migration is judged from the state that the ups before it make, and making a state from nothing
 * takes all of them: a thousand migrations would cost half a million runs. A copy of the database that
 * has seen only ups spares that; it is brought up to date when it is needed, which is only after a
 * migration that left something else behind.
 *
 * A copy cannot hold what databases share. So it is given up when roles change, when it is in the way
 * of a statement (DROP ROLE names it), or when a setting of the database cannot be copied; then all ups
 * run anew.
 *
 * Migrations are tried one after the other, so branches are taken out of the tree that is run
 * (straighten()): "-1" must mean the newest. What each requires is respected by the order.
 *
 * On a server of our own everything that came since is dropped, roles too. On somebody else's only our
 * two databases are ours, and nothing else is touched. Closing drops them, whatever happened.
 */
#include "command/test/test_database.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "report/property.h"
#include "pg/address.h"
#include "pg/connection_ahead.h"

/* --- databases -------------------------------------------------------- */

/* What cannot be dropped now is tried again in the end. */
void test_database_forgo(struct test_database *test_database)
{
	struct error ignored;

	(void)!scratch_database_drop(&test_database->kept, &ignored);
}

/* A history of its own schema expects an administrator to have made it. */
static bool make_history_schema(struct test_database *test_database, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct session *inside;

	if (strcmp(test_database->history.schema, "public") == 0)
		return true;
	const char *sql = arena_printf(&arena, "CREATE SCHEMA IF NOT EXISTS %s",
	                               quote_name(&arena, test_database->history.schema));
	return scratch_database_enter(&test_database->database, &inside, err) &&
	       execute(inside, sql, NO_PARAMS, err);
}

static bool make_database(struct test_database *test_database, struct error *err)
{
	return scratch_database_create(&test_database->database, NULL, err) &&
	       make_history_schema(test_database, err);
}

/* --- one straight line ------------------------------------------------ */

static bool requires_later(const struct migration *migration)
{
	for (size_t i = 0; i < migration->directives.require_count; i++)
		if (migration->directives.requires[i] > migration->number)
			return true;
	return false;
}

/*
 * One migration is tried after the other, and each is taken back alone:
 * "-1" must mean the newest even where branches are not merged. Numbers are
 * an order that respects what is required, unless somebody requires a later one.
 */
static void straighten(struct test_database *test_database, const struct tree *tree, struct arena *arena)
{
	struct migration *migrations = arena_array(arena, struct migration, tree->count);

	graph_build(tree->migrations, tree->count, arena, &test_database->graph);
	test_database->line = *tree;
	for (size_t i = 0; i < tree->count; i++) {
		if (requires_later(&tree->migrations[i]))
			return;
		migrations[i] = tree->migrations[i];
		migrations[i].directives.branch = NULL;
		migrations[i].directives.require_count = 0;
	}
	test_database->line.migrations = migrations;
	test_database->is_straight = true;
}

const struct migration *test_database_migration(const struct test_database *test_database, size_t at)
{
	return &test_database->context->tree.migrations[test_database->graph.order[at]];
}

/* --- what databases share --------------------------------------------- */

static bool beyond(struct test_database *test_database, const char *roles, const char *databases,
                   struct rows **out, struct error *err)
{
	return query(test_database->server.beside, SQL_test_shared, PARAMS(roles, databases), out, err);
}

/* The columns of shared.sql. */
enum {
	SHARED_KIND,
	SHARED_NAME,
};

static const char *names_of(const struct rows *rows, const char *kind, struct arena *arena)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < rows_count(rows); i++)
		if (strcmp(rows_text(rows, i, SHARED_KIND), kind) == 0)
			*ARENA_PUSH(arena, names, count) = rows_copy(rows, i, SHARED_NAME, arena);
	return array_text(names, count, arena);
}

static bool remember_shared(struct test_database *test_database, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!beyond(test_database, "{}", "{}", &rows, err))
		return false;
	test_database->first[0] = names_of(rows, "role", test_database->context->arena);
	test_database->first[1] = names_of(rows, "database", test_database->context->arena);
	return true;
}

/*
 * Only on our own server is whatever came since the doing of migrations. All roles at once: some name others.
 */
static bool drop_shared(struct test_database *test_database, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	struct buffer roles = {.arena = &arena};

	if (!test_database->server.server)
		return true;
	if (!beyond(test_database, test_database->first[0], test_database->first[1], &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *name = rows_text(rows, i, SHARED_NAME);

		if (strcmp(rows_text(rows, i, SHARED_KIND), "role") == 0)
			buffer_printf(&roles, "%s%s", roles.len ? ", " : "DROP ROLE ", quote_name(&arena, name));
		else if (!scratch_server_drop(&test_database->server, name, err))
			return false;
	}
	return !roles.len || execute(test_database->server.beside, buffer_cstr(&roles), NO_PARAMS, err);
}

/* --- open and close --------------------------------------------------- */

bool test_database_open(struct context *context, const char *address, struct test_database *out,
                        struct error *err)
{
	const struct scratch_server_options options = {.address = address};

	*out = (struct test_database){.context = context};
	straighten(out, &context->tree, context->arena);
	if (!database_history_table(context, &out->history, err))
		return false;
	return scratch_server_open(context, &options, &out->server, err) &&
	       scratch_database_init(&out->database, &out->server, err) &&
	       scratch_database_init(&out->kept, &out->server, err) && remember_shared(out, err) &&
	       make_database(out, err);
}

void test_database_close(struct test_database *test_database)
{
	scratch_database_close(&test_database->kept);
	scratch_database_close(&test_database->database);
	scratch_server_close(&test_database->server);
}

/* --- what is done there ----------------------------------------------- */

/* In the order of the graph a lower number may come after a higher one. */
static bool migrate_connected(struct test_database *test_database, const struct scratch_database *database,
                              enum direction direction, const char *target, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct migrate_options run_options;
	struct migrate_result result;

	if (!migrate_options_for_scratch(test_database->context, database->address, &test_database->line,
	                                 direction, &run_options, err))
		return false;
	run_options.connection.is_kept = true;
	run_options.target = target;
	run_options.plan_options.allow_out_of_order = true;
	run_options.allow_empty = option_is_given(test_database->context, "--allow-empty");
	return migrate_run(&run_options, NULL, &arena, &result, err);
}

bool test_database_migrate(struct test_database *test_database, enum direction direction, const char *target,
                           struct error *err)
{
	return migrate_connected(test_database, &test_database->database, direction, target, err);
}

bool test_database_catalog(struct test_database *test_database, struct arena *arena, struct catalog *out,
                           struct error *err)
{
	return scratch_database_catalog(&test_database->database, &test_database->history, arena, out, err);
}

bool test_database_is_refusal(const struct error *err)
{
	return err->kind == ERROR_SQL || err->kind == ERROR_PARTIAL || err->kind == ERROR_FILES;
}

/* --- the state that the ups make -------------------------------------- */

/*
 * As far as they go in one session, and on in another: each was tried in a
 * session of its own, and a setting of the database is none of those that are
 * open. A migration that is refused twice is not refused for that.
 */
static bool migrate_line(struct test_database *test_database, const struct scratch_database *database,
                         const char *target, struct error *err)
{
	struct error former = {0};

	while (!migrate_connected(test_database, database, DIRECTION_UP, target, err)) {
		if (err->kind != ERROR_SQL || strcmp(err->place, former.place) == 0)
			return false;
		former = *err;
		connection_ahead_drop();
	}
	return true;
}

/* Whether the way up from `i` to the next one must be said: a number alone does not bring those that run
 * last. */
static bool stops_at(const struct test_database *test_database, size_t i, size_t to)
{
	return !test_database->is_straight || i + 1 == to ||
	       test_database_migration(test_database, i)->directives.order_last ||
	       test_database_migration(test_database, i + 1)->directives.order_last;
}

/* From `from` migrations applied to `to`: all at once where numbers say the order. */
static bool migrate_ups(struct test_database *test_database, const struct scratch_database *database,
                        size_t from, size_t to, struct error *err)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = from; i < to; i++)
		if (stops_at(test_database, i, to) &&
		    !migrate_line(test_database, database,
		                  number_text(&arena, test_database_migration(test_database, i)->number), err))
			return false;
	return true;
}

bool test_database_keep(struct test_database *test_database, size_t at, struct error *err)
{
	if (test_database->kept.exists)
		return true;
	test_database->kept_at = at;
	return scratch_database_copy(&test_database->kept, &test_database->database, err);
}

bool test_database_is_in_the_way(const struct test_database *test_database, const struct error *err)
{
	return test_database->kept.exists && strstr(err->detail, test_database->kept.name) != NULL;
}

static bool catch_up(struct test_database *test_database, size_t at, struct error *err)
{
	if (!test_database->kept.exists || test_database->kept_at > at ||
	    !migrate_ups(test_database, &test_database->kept, test_database->kept_at, at, err))
		return false;
	test_database->kept_at = at;
	return true;
}

static bool make_anew(struct test_database *test_database, size_t at, struct error *err)
{
	return scratch_database_drop(&test_database->database, err) && drop_shared(test_database, err) &&
	       make_database(test_database, err) &&
	       migrate_ups(test_database, &test_database->database, 0, at, err);
}

bool test_database_restore(struct test_database *test_database, size_t at, struct error *err)
{
	if (catch_up(test_database, at, err))
		return scratch_database_drop(&test_database->database, err) &&
		       scratch_database_copy(&test_database->database, &test_database->kept, err);
	if (test_database->kept.exists && !test_database_is_refusal(err))
		return false;
	test_database_forgo(test_database);
	return make_anew(test_database, at, err);
}

/* --- once more -------------------------------------------------------- */

/*
 * A second run of a migration needs a history that does not know it yet. The row is put back as it was
 * when the run is refused.
 */
static bool take_out(struct test_database *test_database, int64_t number, struct arena *arena,
                     const char **row, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct session *inside;
	const char *sql = query_render(arena, SQL_test_row, &test_database->history);
	const struct request request = history_forget(&test_database->history, number, arena);

	if (!scratch_database_enter(&test_database->database, &inside, err) ||
	    !history_read(inside, sql, PARAMS(number_text(arena, number)), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_FILES, "is not in the history after it went up");
	*row = rows_copy(rows, 0, ONLY_COLUMN, arena);
	return request_run(inside, &request, err);
}

static bool put_back(struct test_database *test_database, const char *row, struct arena *arena,
                     struct error *err)
{
	const struct request request =
	    request_make(&test_database->history, SQL_test_put_back, PARAMS(row), arena);

	struct session *inside;

	return scratch_database_enter(&test_database->database, &inside, err) &&
	       request_run(inside, &request, err);
}

bool test_database_repeat(struct test_database *test_database, const struct migration *migration,
                          struct error *refusal, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *row = NULL;

	if (!take_out(test_database, migration->number, &arena, &row, err))
		return false;
	if (test_database_migrate(test_database, DIRECTION_UP, number_text(&arena, migration->number), refusal)) {
		*refusal = (struct error){0};
		return true;
	}
	if (!test_database_is_refusal(refusal)) {
		*err = *refusal;
		return false;
	}
	/* What a plain one did before it was refused is not taken back, and has a row of its own. */
	if (refusal->kind != ERROR_PARTIAL && !put_back(test_database, row, &arena, err)) {
		refusal->kind = ERROR_PARTIAL;
		return test_database_is_refusal(err);
	}
	return true;
}
