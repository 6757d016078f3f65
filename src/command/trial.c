#include "command/trial.h"

#include <string.h>

#include "command/facts.h"
#include "pg/address.h"

enum { MOST_DROPS = 5 };

/* --- the ground ------------------------------------------------------- */

static bool start_server(struct trial *trial, struct error *err)
{
	const struct server_options options = {
	    .bindir = setting_text(trial->context->settings, SETTING_PG_BINDIR), .is_fast = true};

	if (!server_open(&options, &trial->server, err))
		return false;
	trial->address = server_url(trial->server, "postgres", trial->context->arena);
	trial->bindir = server_bindir(trial->server);
	return true;
}

static bool create(struct trial *trial, const char *name, const char *template, struct error *err)
{
	struct arena *arena = trial->context->arena;
	const char *sql = arena_printf(arena, "CREATE DATABASE %s TEMPLATE %s", quote_name(arena, name),
	                               quote_name(arena, template));

	return execute(trial->beside, sql, NO_PARAMS, err);
}

/*
 * After Ctrl-C a statement of the session is cancelled on the server, whatever
 * it is, and a cancellation that comes late meets another one: once more then.
 */
static void drop(struct trial *trial, const char *name)
{
	struct arena *arena = trial->context->arena;
	const char *sql = arena_printf(arena, "DROP DATABASE IF EXISTS %s", quote_name(arena, name));
	struct error refusal;

	for (int i = 0; i < MOST_DROPS; i++)
		if (execute(trial->beside, sql, NO_PARAMS, &refusal))
			return;
}

static bool open_beside(struct trial *trial, struct error *err)
{
	struct session_options options = database_options(trial->context, trial->address);

	options.role = NULL;
	return session_open(&options, &trial->beside, err);
}

static void name_databases(struct trial *trial)
{
	struct author author;

	author_init(&author, trial->context->arena);
	trial->database = arena_printf(trial->context->arena, "rung_test_%s", author.run_id);
	trial->twin = arena_printf(trial->context->arena, "rung_test_%s_twin", author.run_id);
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
static struct tree straightened(const struct tree *tree, struct arena *arena)
{
	struct tree line = *tree;

	line.migrations = arena_array(arena, struct migration, tree->count);
	for (size_t i = 0; i < tree->count; i++) {
		if (requires_later(&tree->migrations[i]))
			return *tree;
		line.migrations[i] = tree->migrations[i];
		line.migrations[i].directives.branch = NULL;
		line.migrations[i].directives.require_count = 0;
	}
	return line;
}

/* A history of its own schema expects an administrator to have made it. */
static bool make_history_schema(struct trial *trial, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_session struct session *db = NULL;
	struct session_options options = database_options(trial->context, NULL);
	struct qualified_name history;

	options.role = NULL;
	if (!database_history_table(trial->context, &history, err))
		return false;
	if (strcmp(history.schema, "public") == 0)
		return true;
	const char *sql =
	    arena_printf(&arena, "CREATE SCHEMA IF NOT EXISTS %s", quote_name(&arena, history.schema));
	return address_with_database(trial->address, trial->database, &arena, &options.conninfo, err) &&
	       session_open(&options, &db, err) && execute(db, sql, NO_PARAMS, err);
}

bool trial_open(struct context *context, const char *address, struct trial *out, struct error *err)
{
	*out = (struct trial){
	    .context = context, .address = address, .bindir = setting_text(context->settings, SETTING_PG_BINDIR)};
	out->line = straightened(&context->tree, context->arena);
	name_databases(out);
	if ((!address && !start_server(out, err)) || !open_beside(out, err))
		return false;
	out->has_database = create(out, out->database, "template0", err);
	return out->has_database && make_history_schema(out, err);
}

void trial_close(struct trial *trial)
{
	/* A scratch server takes its databases with it. */
	if (trial->has_twin && !trial->server)
		drop(trial, trial->twin);
	if (trial->has_database && !trial->server)
		drop(trial, trial->database);
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

static bool snapshot_of(struct trial *trial, const char *database, struct arena *arena, struct snapshot *out,
                        struct error *err)
{
	scoped_arena struct arena scratch = {0};
	struct qualified_name history;
	struct snapshot_options options = {
	    .history = &history,
	    .bindir = trial->bindir,
	    .server_major = session_server_version(trial->beside) / 10000,
	};

	return database_history_table(trial->context, &history, err) &&
	       address_with_database(trial->address, database, &scratch, &options.conninfo, err) &&
	       catalog_snapshot(&options, arena, out, err);
}

bool trial_snapshot(struct trial *trial, struct arena *arena, struct snapshot *out, struct error *err)
{
	return snapshot_of(trial, trial->database, arena, out, err);
}

/* --- once more -------------------------------------------------------- */

static bool forget(struct trial *trial, const struct migration *migration, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_session struct session *db = NULL;
	struct session_options options = database_options(trial->context, NULL);
	struct qualified_name history;

	options.role = NULL;
	if (!database_history_table(trial->context, &history, err) ||
	    !address_with_database(trial->address, trial->twin, &arena, &options.conninfo, err) ||
	    !session_open(&options, &db, err))
		return false;
	const struct request request = history_forget(&history, migration->number, &arena);
	return request_run(db, &request, err);
}

bool trial_is_refusal(const struct error *err)
{
	return err->kind == ERROR_SQL || err->kind == ERROR_PARTIAL || err->kind == ERROR_FILES;
}

static bool apply_in_twin(struct trial *trial, const struct migration *migration, struct arena *arena,
                          struct snapshot *out, struct error *refusal, struct error *err)
{
	const char *target = number_text(trial->context->arena, migration->number);

	if (!forget(trial, migration, err))
		return false;
	if (climb_in(trial, trial->twin, CLIMB_UP, target, refusal)) {
		*refusal = (struct error){0};
		return snapshot_of(trial, trial->twin, arena, out, err);
	}
	if (trial_is_refusal(refusal))
		return true;
	*err = *refusal;
	return false;
}

bool trial_repeat(struct trial *trial, const struct migration *migration, struct arena *arena,
                  struct snapshot *out, struct error *refusal, struct error *err)
{
	trial->has_twin = create(trial, trial->twin, trial->database, err);
	if (!trial->has_twin)
		return false;
	const bool is_done = apply_in_twin(trial, migration, arena, out, refusal, err);
	drop(trial, trial->twin);
	trial->has_twin = false;
	return is_done;
}
