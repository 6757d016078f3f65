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
#include "command/test/scratch_database.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "command/test/database_copy.h"
#include "pg/address.h"
#include "report/property.h"

/* --- databases -------------------------------------------------------- */

static struct database_copy database_copy_of(struct scratch_database *scratch_database)
{
	session_close(&scratch_database->inside);
	return (struct database_copy){.beside = scratch_database->beside,
	                              .arena = scratch_database->context->arena,
	                              .takes_settings = scratch_database->server != NULL};
}

static bool create(struct scratch_database *scratch_database, const char *name, const char *original,
                   struct error *err)
{
	const struct database_copy copying = database_copy_of(scratch_database);

	return database_copy_create(&copying, name, original, err);
}

static bool drop(struct scratch_database *scratch_database, const char *name, struct error *err)
{
	const struct database_copy copying = database_copy_of(scratch_database);

	return database_copy_drop(&copying, name, err);
}

static bool drop_database(struct scratch_database *scratch_database, struct error *err)
{
	if (scratch_database->has_database && !drop(scratch_database, scratch_database->database, err))
		return false;
	scratch_database->has_database = false;
	return true;
}

/* What cannot be dropped now is tried again in the end. */
void scratch_database_forgo(struct scratch_database *scratch_database)
{
	struct error ignored;

	if (scratch_database->has_kept && drop(scratch_database, scratch_database->kept, &ignored))
		scratch_database->has_kept = false;
}

/* --- the ground ------------------------------------------------------- */

static bool start_server(struct scratch_database *scratch_database, struct error *err)
{
	const struct server_options options = {
	    .bindir = setting_text(scratch_database->context->settings, SETTING_PG_BINDIR), .is_fast = true};

	if (!server_open(&options, &scratch_database->server, err))
		return false;
	scratch_database->address =
	    server_url(scratch_database->server, "postgres", scratch_database->context->arena);
	scratch_database->snapshots.bindir = server_bindir(scratch_database->server);
	return true;
}

static struct session_options plain_options(struct scratch_database *scratch_database, const char *conninfo)
{
	struct session_options options = database_options(scratch_database->context, conninfo);

	options.role = NULL;
	return options;
}

static bool open_beside(struct scratch_database *scratch_database, struct error *err)
{
	const struct session_options options = plain_options(scratch_database, scratch_database->address);

	if (!session_open(&options, &scratch_database->beside, err))
		return false;
	scratch_database->snapshots.server_major = session_server_version(scratch_database->beside) / 10000;
	return catalog_find_program(&scratch_database->snapshots, scratch_database->context->arena,
	                            &scratch_database->snapshots.program, err);
}

bool scratch_database_inside(struct scratch_database *scratch_database, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct session_options options = plain_options(scratch_database, NULL);

	return scratch_database->inside ||
	       (address_with_database(scratch_database->address, scratch_database->database, &arena,
	                              &options.conninfo, err) &&
	        session_open(&options, &scratch_database->inside, err));
}

static void name_databases(struct scratch_database *scratch_database)
{
	struct author author;

	author_init(&author, scratch_database->context->arena);
	scratch_database->database =
	    arena_printf(scratch_database->context->arena, "rung_test_%s", author.run_id);
	scratch_database->kept =
	    arena_printf(scratch_database->context->arena, "rung_test_%s_kept", author.run_id);
}

/* A history of its own schema expects an administrator to have made it. */
static bool make_history_schema(struct scratch_database *scratch_database, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (strcmp(scratch_database->history.schema, "public") == 0)
		return true;
	const char *sql = arena_printf(&arena, "CREATE SCHEMA IF NOT EXISTS %s",
	                               quote_name(&arena, scratch_database->history.schema));
	return scratch_database_inside(scratch_database, err) &&
	       execute(scratch_database->inside, sql, NO_PARAMS, err);
}

static bool make_database(struct scratch_database *scratch_database, struct error *err)
{
	scratch_database->has_database = create(scratch_database, scratch_database->database, "template0", err);
	return scratch_database->has_database && make_history_schema(scratch_database, err);
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
static void straighten(struct scratch_database *scratch_database, const struct tree *tree,
                       struct arena *arena)
{
	struct migration *migrations = arena_array(arena, struct migration, tree->count);

	graph_build(tree->migrations, tree->count, arena, &scratch_database->graph);
	scratch_database->line = *tree;
	for (size_t i = 0; i < tree->count; i++) {
		if (requires_later(&tree->migrations[i]))
			return;
		migrations[i] = tree->migrations[i];
		migrations[i].directives.branch = NULL;
		migrations[i].directives.require_count = 0;
	}
	scratch_database->line.migrations = migrations;
	scratch_database->is_straight = true;
}

const struct migration *scratch_database_migration(const struct scratch_database *scratch_database, size_t at)
{
	return &scratch_database->context->tree.migrations[scratch_database->graph.order[at]];
}

/* --- what databases share --------------------------------------------- */

static bool beyond(struct scratch_database *scratch_database, const char *roles, const char *databases,
                   struct rows **out, struct error *err)
{
	return query(scratch_database->beside, SQL_test_scratch_shared, PARAMS(roles, databases), out, err);
}

/* The columns of scratch_shared.sql. */
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

static bool remember_shared(struct scratch_database *scratch_database, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!beyond(scratch_database, "{}", "{}", &rows, err))
		return false;
	scratch_database->first[0] = names_of(rows, "role", scratch_database->context->arena);
	scratch_database->first[1] = names_of(rows, "database", scratch_database->context->arena);
	return true;
}

/*
 * Only on our own server is whatever came since the doing of migrations. All roles at once: some name others.
 */
static bool drop_shared(struct scratch_database *scratch_database, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	struct buffer roles = {.arena = &arena};

	if (!scratch_database->server)
		return true;
	if (!beyond(scratch_database, scratch_database->first[0], scratch_database->first[1], &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *name = rows_text(rows, i, SHARED_NAME);

		if (strcmp(rows_text(rows, i, SHARED_KIND), "role") == 0)
			buffer_printf(&roles, "%s%s", roles.len ? ", " : "DROP ROLE ", quote_name(&arena, name));
		else if (!drop(scratch_database, name, err))
			return false;
	}
	return !roles.len || execute(scratch_database->beside, buffer_cstr(&roles), NO_PARAMS, err);
}

/* --- open and close --------------------------------------------------- */

bool scratch_database_open(struct context *context, const char *address, struct scratch_database *out,
                           struct error *err)
{
	*out = (struct scratch_database){.context = context, .address = address};
	out->snapshots.bindir = setting_text(context->settings, SETTING_PG_BINDIR);
	straighten(out, &context->tree, context->arena);
	name_databases(out);
	if (!database_history_table(context, &out->history, err))
		return false;
	out->snapshots.history = &out->history;
	return (address || start_server(out, err)) && open_beside(out, err) && remember_shared(out, err) &&
	       make_database(out, err);
}

void scratch_database_close(struct scratch_database *scratch_database)
{
	struct error ignored;

	session_close(&scratch_database->inside);
	/* A scratch server takes its databases with it. */
	if (!scratch_database->server) {
		scratch_database_forgo(scratch_database);
		(void)!drop_database(scratch_database, &ignored);
	}
	session_close(&scratch_database->beside);
	server_close(&scratch_database->server);
}

/* --- what is done there ----------------------------------------------- */

/* In the order of the graph a lower number may come after a higher one. */
static bool migrate_connected(struct scratch_database *scratch_database, const char *database,
                              enum direction direction, const char *target, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *conninfo;
	struct migrate_options run_options;
	struct migrate_result result;

	if (!address_with_database(scratch_database->address, database, &arena, &conninfo, err) ||
	    !migrate_options_for_scratch(scratch_database->context, conninfo, &scratch_database->line, direction,
	                                 &run_options, err))
		return false;
	run_options.target = target;
	run_options.plan_options.allow_out_of_order = true;
	run_options.allow_empty = option_is_given(scratch_database->context, "--allow-empty");
	return migrate_run(&run_options, NULL, &arena, &result, err);
}

bool scratch_database_migrate(struct scratch_database *scratch_database, enum direction direction,
                              const char *target, struct error *err)
{
	return migrate_connected(scratch_database, scratch_database->database, direction, target, err);
}

bool scratch_database_snapshot(struct scratch_database *scratch_database, struct arena *arena,
                               struct snapshot *out, struct error *err)
{
	scoped_arena struct arena scratch = {0};

	return address_with_database(scratch_database->address, scratch_database->database, &scratch,
	                             &scratch_database->snapshots.conninfo, err) &&
	       catalog_snapshot(&scratch_database->snapshots, arena, out, err);
}

bool scratch_database_is_refusal(const struct error *err)
{
	return err->kind == ERROR_SQL || err->kind == ERROR_PARTIAL || err->kind == ERROR_FILES;
}

/* --- the state that the ups make -------------------------------------- */

/*
 * As far as they go in one session, and on in another: each was tried in a
 * session of its own, and a setting of the database is none of those that are
 * open. A migration that is refused twice is not refused for that.
 */
static bool migrate_line(struct scratch_database *scratch_database, const char *database, const char *target,
                         struct error *err)
{
	struct error former = {0};

	while (!migrate_connected(scratch_database, database, DIRECTION_UP, target, err)) {
		if (err->kind != ERROR_SQL || strcmp(err->place, former.place) == 0)
			return false;
		former = *err;
	}
	return true;
}

/* Whether the way up from `i` to the next one must be said: a number alone does not bring those that run
 * last. */
static bool stops_at(const struct scratch_database *scratch_database, size_t i, size_t to)
{
	return !scratch_database->is_straight || i + 1 == to ||
	       scratch_database_migration(scratch_database, i)->directives.order_last ||
	       scratch_database_migration(scratch_database, i + 1)->directives.order_last;
}

/* From `from` migrations applied to `to`: all at once where numbers say the order. */
static bool migrate_ups(struct scratch_database *scratch_database, const char *database, size_t from,
                        size_t to, struct error *err)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = from; i < to; i++)
		if (stops_at(scratch_database, i, to) &&
		    !migrate_line(scratch_database, database,
		                  number_text(&arena, scratch_database_migration(scratch_database, i)->number), err))
			return false;
	return true;
}

bool scratch_database_keep(struct scratch_database *scratch_database, size_t at, struct error *err)
{
	if (scratch_database->has_kept)
		return true;
	scratch_database->has_kept =
	    create(scratch_database, scratch_database->kept, scratch_database->database, err);
	scratch_database->kept_at = at;
	return scratch_database->has_kept;
}

bool scratch_database_is_in_the_way(const struct scratch_database *scratch_database, const struct error *err)
{
	return scratch_database->has_kept && strstr(err->detail, scratch_database->kept) != NULL;
}

static bool catch_up(struct scratch_database *scratch_database, size_t at, struct error *err)
{
	if (!scratch_database->has_kept || scratch_database->kept_at > at ||
	    !migrate_ups(scratch_database, scratch_database->kept, scratch_database->kept_at, at, err))
		return false;
	scratch_database->kept_at = at;
	return true;
}

static bool make_anew(struct scratch_database *scratch_database, size_t at, struct error *err)
{
	return drop_database(scratch_database, err) && drop_shared(scratch_database, err) &&
	       make_database(scratch_database, err) &&
	       migrate_ups(scratch_database, scratch_database->database, 0, at, err);
}

bool scratch_database_restore(struct scratch_database *scratch_database, size_t at, struct error *err)
{
	if (catch_up(scratch_database, at, err)) {
		if (!drop_database(scratch_database, err))
			return false;
		scratch_database->has_database =
		    create(scratch_database, scratch_database->database, scratch_database->kept, err);
		return scratch_database->has_database;
	}
	if (scratch_database->has_kept && !scratch_database_is_refusal(err))
		return false;
	scratch_database_forgo(scratch_database);
	return make_anew(scratch_database, at, err);
}

/* --- once more -------------------------------------------------------- */

/*
 * A second run of a migration needs a history that does not know it yet. The row is put back as it was
 * when the run is refused.
 */
static bool take_out(struct scratch_database *scratch_database, int64_t number, struct arena *arena,
                     const char **row, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *sql = query_render(arena, SQL_test_scratch_row, &scratch_database->history);
	const struct request request = history_forget(&scratch_database->history, number, arena);

	if (!scratch_database_inside(scratch_database, err) ||
	    !history_read(scratch_database->inside, sql, PARAMS(number_text(arena, number)), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_FILES, "is not in the history after it went up");
	*row = rows_copy(rows, 0, ONLY_COLUMN, arena);
	return request_run(scratch_database->inside, &request, err);
}

static bool put_back(struct scratch_database *scratch_database, const char *row, struct arena *arena,
                     struct error *err)
{
	const struct request request =
	    request_make(&scratch_database->history, SQL_test_scratch_put_back, PARAMS(row), arena);

	return request_run(scratch_database->inside, &request, err);
}

bool scratch_database_repeat(struct scratch_database *scratch_database, const struct migration *migration,
                             struct error *refusal, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *row = NULL;

	if (!take_out(scratch_database, migration->number, &arena, &row, err))
		return false;
	if (scratch_database_migrate(scratch_database, DIRECTION_UP, number_text(&arena, migration->number),
	                             refusal)) {
		*refusal = (struct error){0};
		return true;
	}
	if (!scratch_database_is_refusal(refusal)) {
		*err = *refusal;
		return false;
	}
	/* What a plain one did before it was refused is not taken back, and has a row of its own. */
	if (refusal->kind != ERROR_PARTIAL && !put_back(scratch_database, row, &arena, err)) {
		refusal->kind = ERROR_PARTIAL;
		return scratch_database_is_refusal(err);
	}
	return true;
}
