#include "command/trial.h"

#include <string.h>

#include "base/buffer.h"
#include "command/copying.h"
#include "command/facts.h"
#include "pg/address.h"

/* --- databases -------------------------------------------------------- */

static struct copying copying_of(struct trial *trial)
{
	session_close(&trial->inside);
	return (struct copying){
	    .beside = trial->beside, .arena = trial->context->arena, .takes_settings = trial->server != NULL};
}

static bool create(struct trial *trial, const char *name, const char *original, struct error *err)
{
	const struct copying copying = copying_of(trial);

	return copying_create(&copying, name, original, err);
}

static bool drop(struct trial *trial, const char *name, struct error *err)
{
	const struct copying copying = copying_of(trial);

	return copying_drop(&copying, name, err);
}

static bool drop_database(struct trial *trial, struct error *err)
{
	if (trial->has_database && !drop(trial, trial->database, err))
		return false;
	trial->has_database = false;
	return true;
}

/* What cannot be dropped now is tried again in the end. */
void trial_forgo(struct trial *trial)
{
	struct error ignored;

	if (trial->has_kept && drop(trial, trial->kept, &ignored))
		trial->has_kept = false;
}

/* --- the ground ------------------------------------------------------- */

static bool start_server(struct trial *trial, struct error *err)
{
	const struct server_options options = {
	    .bindir = setting_text(trial->context->settings, SETTING_PG_BINDIR), .is_fast = true};

	if (!server_open(&options, &trial->server, err))
		return false;
	trial->address = server_url(trial->server, "postgres", trial->context->arena);
	trial->snapshots.bindir = server_bindir(trial->server);
	return true;
}

static struct session_options plain_options(struct trial *trial, const char *conninfo)
{
	struct session_options options = database_options(trial->context, conninfo);

	options.role = NULL;
	return options;
}

static bool open_beside(struct trial *trial, struct error *err)
{
	const struct session_options options = plain_options(trial, trial->address);

	if (!session_open(&options, &trial->beside, err))
		return false;
	trial->snapshots.server_major = session_server_version(trial->beside) / 10000;
	return catalog_find_program(&trial->snapshots, trial->context->arena, &trial->snapshots.program, err);
}

bool trial_inside(struct trial *trial, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct session_options options = plain_options(trial, NULL);

	return trial->inside ||
	       (address_with_database(trial->address, trial->database, &arena, &options.conninfo, err) &&
	        session_open(&options, &trial->inside, err));
}

static void name_databases(struct trial *trial)
{
	struct author author;

	author_init(&author, trial->context->arena);
	trial->database = arena_printf(trial->context->arena, "rung_test_%s", author.run_id);
	trial->kept = arena_printf(trial->context->arena, "rung_test_%s_kept", author.run_id);
}

/* A history of its own schema expects an administrator to have made it. */
static bool make_history_schema(struct trial *trial, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (strcmp(trial->history.schema, "public") == 0)
		return true;
	const char *sql =
	    arena_printf(&arena, "CREATE SCHEMA IF NOT EXISTS %s", quote_name(&arena, trial->history.schema));
	return trial_inside(trial, err) && execute(trial->inside, sql, NO_PARAMS, err);
}

static bool make_database(struct trial *trial, struct error *err)
{
	trial->has_database = create(trial, trial->database, "template0", err);
	return trial->has_database && make_history_schema(trial, err);
}

/* --- one straight line ------------------------------------------------ */

static bool requires_later(const struct migration *migration)
{
	for (size_t i = 0; i < migration->directives.require_count; i++)
		if (migration->directives.requires[i] > migration -> number)
			return true;
	return false;
}

/*
 * One migration is tried after the other, and each is taken back alone:
 * "-1" must mean the newest even where branches are not merged. Numbers are
 * an order that respects what is required, unless somebody requires a later one.
 */
static void straighten(struct trial *trial, const struct tree *tree, struct arena *arena)
{
	struct migration *migrations = arena_array(arena, struct migration, tree->count);

	graph_build(tree->migrations, tree->count, arena, &trial->graph);
	trial->line = *tree;
	for (size_t i = 0; i < tree->count; i++) {
		if (requires_later(&tree->migrations[i]))
			return;
		migrations[i] = tree->migrations[i];
		migrations[i].directives.branch = NULL;
		migrations[i].directives.require_count = 0;
	}
	trial->line.migrations = migrations;
	trial->is_straight = true;
}

const struct migration *trial_migration(const struct trial *trial, size_t at)
{
	return &trial->context->tree.migrations[trial->graph.order[at]];
}

/* --- what databases share --------------------------------------------- */

static bool beyond(struct trial *trial, const char *roles, const char *databases, struct rows **out,
                   struct error *err)
{
	return query(trial->beside, SQL_command_trial_shared, PARAMS(roles, databases), out, err);
}

static const char *names_of(const struct rows *rows, const char *kind, struct arena *arena)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < rows_count(rows); i++)
		if (strcmp(rows_text(rows, i, 0), kind) == 0)
			*ARENA_PUSH(arena, names, count) = rows_copy(rows, i, 1, arena);
	return array_text(names, count, arena);
}

static bool remember_shared(struct trial *trial, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!beyond(trial, "{}", "{}", &rows, err))
		return false;
	trial->first[0] = names_of(rows, "role", trial->context->arena);
	trial->first[1] = names_of(rows, "database", trial->context->arena);
	return true;
}

/* Only on our own server is whatever came since the doing of migrations. All roles at once: some name others.
 */
static bool drop_shared(struct trial *trial, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	struct buffer roles = {.arena = &arena};

	if (!trial->server)
		return true;
	if (!beyond(trial, trial->first[0], trial->first[1], &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *name = rows_text(rows, i, 1);

		if (strcmp(rows_text(rows, i, 0), "role") == 0)
			buffer_printf(&roles, "%s%s", roles.len ? ", " : "DROP ROLE ", quote_name(&arena, name));
		else if (!drop(trial, name, err))
			return false;
	}
	return !roles.len || execute(trial->beside, buffer_cstr(&roles), NO_PARAMS, err);
}

/* --- open and close --------------------------------------------------- */

bool trial_open(struct context *context, const char *address, struct trial *out, struct error *err)
{
	*out = (struct trial){.context = context, .address = address};
	out->snapshots.bindir = setting_text(context->settings, SETTING_PG_BINDIR);
	straighten(out, &context->tree, context->arena);
	name_databases(out);
	if (!database_history_table(context, &out->history, err))
		return false;
	out->snapshots.history = &out->history;
	return (address || start_server(out, err)) && open_beside(out, err) && remember_shared(out, err) &&
	       make_database(out, err);
}

void trial_close(struct trial *trial)
{
	struct error ignored;

	session_close(&trial->inside);
	/* A scratch server takes its databases with it. */
	if (!trial->server) {
		trial_forgo(trial);
		(void)!drop_database(trial, &ignored);
	}
	session_close(&trial->beside);
	server_close(&trial->server);
}

/* --- what is done there ----------------------------------------------- */

/*
 * Roles and poolers are about the real database; in the order of the graph a
 * lower number may come after a higher one.
 */
static bool climb_in(struct trial *trial, const char *database, enum direction direction, const char *target,
                     struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct climb climb;
	struct climb_result result;

	if (!climb_from_context(trial->context, direction, &climb, err) ||
	    !address_with_database(trial->address, database, &arena, &climb.connection.conninfo, err))
		return false;
	climb.tree = &trial->line;
	climb.connection.role = NULL;
	climb.direct_url = NULL;
	climb.target = target;
	climb.plan_options.allow_out_of_order = true;
	climb.allow_empty = option_is_given(trial->context, "--allow-empty");
	climb.reporter = NULL;
	return climb_run(&climb, &arena, &result, err);
}

bool trial_climb(struct trial *trial, enum direction direction, const char *target, struct error *err)
{
	return climb_in(trial, trial->database, direction, target, err);
}

bool trial_snapshot(struct trial *trial, struct arena *arena, struct snapshot *out, struct error *err)
{
	scoped_arena struct arena scratch = {0};

	return address_with_database(trial->address, trial->database, &scratch, &trial->snapshots.conninfo,
	                             err) &&
	       catalog_snapshot(&trial->snapshots, arena, out, err);
}

bool trial_is_refusal(const struct error *err)
{
	return err->kind == ERROR_SQL || err->kind == ERROR_PARTIAL || err->kind == ERROR_FILES;
}

/* --- the state that the ups make -------------------------------------- */

/*
 * As far as they go in one session, and on in another: each was tried in a
 * session of its own, and a setting of the database is none of those that are
 * open. A migration that is refused twice is not refused for that.
 */
static bool climb_line(struct trial *trial, const char *database, const char *target, struct error *err)
{
	struct error former = {0};

	while (!climb_in(trial, database, CLIMB_UP, target, err)) {
		if (err->kind != ERROR_SQL || strcmp(err->place, former.place) == 0)
			return false;
		former = *err;
	}
	return true;
}

/* Whether the way up from `i` to the next one must be said: a number alone does not bring those that run
 * last. */
static bool stops_at(const struct trial *trial, size_t i, size_t to)
{
	return !trial->is_straight || i + 1 == to || trial_migration(trial, i)->directives.order_last ||
	       trial_migration(trial, i + 1)->directives.order_last;
}

/* From `from` migrations applied to `to`: all at once where numbers say the order. */
static bool climb_ups(struct trial *trial, const char *database, size_t from, size_t to, struct error *err)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = from; i < to; i++)
		if (stops_at(trial, i, to) &&
		    !climb_line(trial, database, number_text(&arena, trial_migration(trial, i)->number), err))
			return false;
	return true;
}

bool trial_keep(struct trial *trial, size_t at, struct error *err)
{
	if (trial->has_kept)
		return true;
	trial->has_kept = create(trial, trial->kept, trial->database, err);
	trial->kept_at = at;
	return trial->has_kept;
}

bool trial_is_in_the_way(const struct trial *trial, const struct error *err)
{
	return trial->has_kept && strstr(err->detail, trial->kept) != NULL;
}

static bool catch_up(struct trial *trial, size_t at, struct error *err)
{
	if (!trial->has_kept || trial->kept_at > at || !climb_ups(trial, trial->kept, trial->kept_at, at, err))
		return false;
	trial->kept_at = at;
	return true;
}

static bool make_anew(struct trial *trial, size_t at, struct error *err)
{
	return drop_database(trial, err) && drop_shared(trial, err) && make_database(trial, err) &&
	       climb_ups(trial, trial->database, 0, at, err);
}

bool trial_restore(struct trial *trial, size_t at, struct error *err)
{
	if (catch_up(trial, at, err)) {
		if (!drop_database(trial, err))
			return false;
		trial->has_database = create(trial, trial->database, trial->kept, err);
		return trial->has_database;
	}
	if (trial->has_kept && !trial_is_refusal(err))
		return false;
	trial_forgo(trial);
	return make_anew(trial, at, err);
}

/* --- once more -------------------------------------------------------- */

static bool take_out(struct trial *trial, int64_t number, struct arena *arena, const char **row,
                     struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *sql = query_render(arena, SQL_command_trial_row, &trial->history);
	const struct request request = history_forget(&trial->history, number, arena);

	if (!trial_inside(trial, err) ||
	    !history_read(trial->inside, sql, PARAMS(number_text(arena, number)), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_FILES, "is not in the history after it went up");
	*row = rows_copy(rows, 0, 0, arena);
	return request_run(trial->inside, &request, err);
}

static bool put_back(struct trial *trial, const char *row, struct arena *arena, struct error *err)
{
	const struct request request =
	    request_make(&trial->history, NULL, SQL_command_trial_put_back, PARAMS(row), arena);

	return request_run(trial->inside, &request, err);
}

bool trial_repeat(struct trial *trial, const struct migration *migration, struct error *refusal,
                  struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *row = NULL;

	if (!take_out(trial, migration->number, &arena, &row, err))
		return false;
	if (trial_climb(trial, CLIMB_UP, number_text(&arena, migration->number), refusal)) {
		*refusal = (struct error){0};
		return true;
	}
	if (!trial_is_refusal(refusal)) {
		*err = *refusal;
		return false;
	}
	/* What a plain one did before it was refused is not taken back, and has a row of its own. */
	if (refusal->kind != ERROR_PARTIAL && !put_back(trial, row, &arena, err)) {
		refusal->kind = ERROR_PARTIAL;
		return trial_is_refusal(err);
	}
	return true;
}
