/*
 * Seeds are for data that is loaded again and again, so nothing is recorded, and a file runs as a
 * migration's would: the same reader, the same decision whether one transaction can hold it, the same
 * "\;" groups. Each has a session of its own, which does what session_restore.c does for migrations, and
 * at no cost that matters here.
 *
 * What stays after a failure is the point of the error. In one transaction nothing of the file does. A
 * file that commits as it goes has statements that stay, which is exit code 6 and not 1. A COMMIT whose
 * answer was lost is said to be unknown: with no record there is nothing to ask.
 */
#include "command/run/seed_files.h"

#include "apply/step/copy_data.h"
#include "apply/step/step_script.h"
#include "base/clock.h"
#include "base/file.h"
#include "command/database/database.h"
#include "migration/mode.h"
#include "sql/script.h"

/* One file on its way into the database. */
struct seed {
	struct context *context;
	const char *name;
	const char *path;
	struct session *db;
	struct script script;
	enum run_mode mode;
};

static void seed_clear(struct seed *seed)
{
	script_clear(&seed->script);
	session_close(&seed->db);
}
#define scoped_seed SCOPED(seed_clear)

/* --- statements ------------------------------------------------------- */

static bool is_control(const struct statement *statement)
{
	const enum statement_class class = statement->kind.class;

	return class == STATEMENT_BEGIN || class == STATEMENT_COMMIT || class == STATEMENT_ROLLBACK;
}

/* A file that brackets itself with BEGIN and COMMIT means the transaction it has anyway (mode.h). */
static bool is_own_bracket(const struct seed *seed, const struct statement *statement)
{
	return seed->mode != MODE_NONTRANSACTIONAL && is_control(statement);
}

static bool blame(const struct seed *seed, const struct statement *statement, struct error *err)
{
	const struct place place = statement_place_of_character(statement, session_error_position(seed->db));

	return error_at(err, &place);
}

static bool run_statement(const struct seed *seed, const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (statement->echo) {
		event_echo(seed->context->reporter, statement->echo);
		return true;
	}
	if (is_own_bracket(seed, statement))
		return true;
	const char *sql = NULL;
	if (!statement_sql(statement, &arena, &sql, err))
		return false;
	const bool is_done = statement->input == INPUT_NONE ? execute_simple(seed->db, sql, NULL, NULL, err)
	                                                    : statement_copy(seed->db, statement, sql, err);
	return is_done || blame(seed, statement, err);
}

/* --- files ------------------------------------------------------------ */

static bool load(struct seed *seed, struct error *err)
{
	const struct context *context = seed->context;
	struct script_options options = database_script_options(context);
	struct directives directives;

	options.display_root = options.root;
	if (!database_open(context, &seed->db, err))
		return false;
	step_script_know_connection(seed->db, context->arena, &options);
	return script_load(seed->path, &options, context->arena, &seed->script, err) &&
	       directives_parse(seed->script.sources[0]->file.text, seed->script.sources[0]->path, context->arena,
	                        &directives, err) &&
	       mode_of_script(&seed->script, &directives, session_server_version(seed->db), &seed->mode, err);
}

/* psql sends what is joined by "\;" in one message, and the server commits it as a whole. */
static bool enter_group(const struct seed *seed, const struct statement *statement, bool *in_group,
                        struct error *err)
{
	if (seed->mode != MODE_NONTRANSACTIONAL || !statement->joins_next || is_control(statement) ||
	    session_transaction(seed->db) != SESSION_IDLE)
		return true;
	*in_group = true;
	return session_begin(seed->db, "BEGIN", err);
}

/* One that steers transactions itself has taken the group's over. */
static bool leave_group(const struct seed *seed, const struct statement *statement, bool *in_group,
                        struct error *err)
{
	const bool is_last = *in_group && !statement->joins_next;

	*in_group &= !is_last && !is_control(statement);
	return !is_last || is_control(statement) || execute(seed->db, "COMMIT", NO_PARAMS, err) ||
	       blame(seed, statement, err);
}

/* `*done` counts those that stay when a later one fails, where they commit by themselves. */
static bool run_statements(const struct seed *seed, size_t *done, struct error *err)
{
	bool in_group = false;
	size_t count = 0;

	*done = 0;
	for (size_t i = 0; i < seed->script.count; i++) {
		const struct statement *statement = &seed->script.statements[i];

		if (!enter_group(seed, statement, &in_group, err) || !run_statement(seed, statement, err) ||
		    !leave_group(seed, statement, &in_group, err))
			return false;
		count += statement->echo == NULL;
		if (session_transaction(seed->db) == SESSION_IDLE)
			*done = count;
	}
	return true;
}

static bool run_nontransactional(const struct seed *seed, struct error *err)
{
	size_t done;

	if (run_statements(seed, &done, err))
		return true;
	if (done > 0 && err->kind == ERROR_SQL)
		err->kind = ERROR_PARTIAL;
	return error_state(err, done ? "What came before it in the file is loaded."
	                             : "Nothing of this file is loaded.");
}

static bool own_begin(const struct seed *seed, const char **out, struct error *err)
{
	const struct mode_look look = {0};
	const struct statement *first = seed->script.statements;
	const struct statement *end = first + seed->script.count;

	while (first < end && first->echo)
		first++;
	*out = "BEGIN";
	return first == end || !mode_is_opening(&look, first) ||
	       statement_sql(first, seed->context->arena, out, err);
}

static bool run_in_transaction(const struct seed *seed, struct error *err)
{
	const char *begin = NULL;
	size_t done;

	if (!own_begin(seed, &begin, err) || !session_begin(seed->db, begin, err) ||
	    !run_statements(seed, &done, err))
		return error_state(err, "Nothing of this file is loaded.");
	return execute_simple(seed->db, SQL_run_seed_commit, NULL, NULL, err) ||
	       error_state(err, err->kind == ERROR_SERVER
	                            ? "The server did not confirm its COMMIT: check whether this file is loaded."
	                            : "Nothing of this file is loaded.");
}

static bool run_file(const struct seed *seed, struct error *err)
{
	return seed->mode == MODE_NONTRANSACTIONAL ? run_nontransactional(seed, err)
	                                           : run_in_transaction(seed, err);
}

static bool load_one(struct context *context, const char *directory, const char *name, struct error *err)
{
	scoped_seed struct seed seed = {
	    .context = context, .name = name, .path = path_join(context->arena, directory, name)};
	const int64_t began_ms = clock_now_ms();

	if (!load(&seed, err) || !run_file(&seed, err))
		return error_context(err, "while loading the seed \"%s\"", name);
	struct event event = event_of_step(EVENT_STEP_DONE, "seed", 0, name);

	event.duration_ms = clock_now_ms() - began_ms;
	event_emit(context->reporter, &event);
	return true;
}

/* Hidden files belong to editors. */
static bool is_seed(const char *name)
{
	return name[0] != '.' && str_ends(str_of(name), ".sql");
}

bool seed_files_run(struct context *context, size_t *count, struct error *err)
{
	const char *directory = setting_text(context->settings, SETTING_SEED_DIR);
	struct directory files;

	*count = 0;
	if (!directory_exists(directory))
		return true;
	if (!directory_read(directory, context->arena, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		if (!is_seed(files.names[i]))
			continue;
		if (!load_one(context, directory, files.names[i], err))
			return false;
		++*count;
	}
	return true;
}
