/*
 * Reading a step's script. Nearly all are small and are held; one that is
 * large is looked through here and read a second time when it runs, so that
 * neither its text nor a list of its statements is ever in memory as a whole.
 * Both times its bytes are digested, so that what runs is what was looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "apply/step/given_variables.h"
#include "apply/step/session_restore.h"
#include "apply/step/step_script.h"
#include "history/rollback_sql.h"
#include "migration/checksum.h"

static bool is_rollback(const struct step *step)
{
	return step->action == STEP_ROLLBACK;
}

void step_script_know_connection(const struct session *db, struct arena *arena,
                                 struct script_options *options)
{
	struct script_variable *variables = arena_array(arena, struct script_variable, 6);

	variables[0] = (struct script_variable){.name = "DBNAME", .value = session_database(db)};
	variables[1] = (struct script_variable){.name = "USER", .value = session_user(db)};
	variables[2] = (struct script_variable){.name = "HOST", .value = session_host(db)};
	variables[3] = (struct script_variable){.name = "PORT", .value = session_port(db)};
	variables[4] =
	    (struct script_variable){.name = "SERVER_VERSION_NAME", .value = session_server_version_name(db)};
	variables[5] = (struct script_variable){.name = "SERVER_VERSION_NUM",
	                                        .value = arena_printf(arena, "%d", session_server_version(db))};
	options->variables = variables;
	options->variable_count = 6;
	options->has_escapes = session_came_with_escapes(db);
}

struct script_options step_script_options(const struct run *run, struct arena *arena)
{
	struct script_options options = run->options->scripts;

	options.display_root = options.root;
	options.cache = run->cache;
	if (run->db)
		step_script_know_connection(run->db, arena, &options);
	return options;
}

static struct script_options options_of(const struct run *run, struct step_script *step_script)
{
	struct script_options options = step_script_options(run, &step_script->arena);

	options.known_strings = step_script->known_strings;
	options.known_strings_count = step_script->known_strings_count;
	options.is_digested = true;
	return options;
}

/* The image that is deployed no longer holds the file: the database kept it. */
static bool load_kept_rollback(struct run *run, struct step_script *step_script, struct error *err)
{
	const struct script_options options = options_of(run, step_script);
	const char *name = arena_printf(&step_script->arena, "rollback of %s, kept in the database",
	                                step_name(step_script->step));
	const char *text = NULL;

	if (!rollback_sql_load(run->db, &run->options->history, step_version(step_script->step),
	                       &step_script->arena, &text, err))
		return false;
	if (!text) {
		error_set(err, ERROR_FILES, "no rollback of \"%s\" exists, neither as a file nor in the database",
		          step_name(step_script->step));
		return error_hint(err, "Write it in the rollback directory.");
	}
	return script_parse(str_of(text), name, &options, &step_script->arena, &step_script->script, err);
}

/* What runs is what was checksummed: the file may have been replaced since. */
static bool is_unchanged(const struct step_script *step_script, struct error *err)
{
	const struct migration *migration = step_script->step->migration;
	const struct file_text *file = &step_script->script.sources[0]->file;
	scoped_arena struct arena arena = {0};

	if (is_rollback(step_script->step) ||
	    strcmp(checksum_of_text(&arena, file->text), migration->checksum) == 0)
		return true;
	return error_set(err, ERROR_FILES, "\"%s\" was changed while rung was running", migration->shown_path);
}

bool step_script_must_ask(const struct step *step)
{
	return is_rollback(step) && !(step->migration && step->migration->has_rollback);
}

static bool load_script(struct run *run, struct step_script *step_script, struct error *err)
{
	const struct migration *migration = step_script->step->migration;
	bool is_small = true;

	step_script->options = options_of(run, step_script);
	if (step_script_must_ask(step_script->step))
		return load_kept_rollback(run, step_script, err);
	step_script->path = is_rollback(step_script->step) ? migration->rollback_path : migration->path;
	if (!is_rollback(step_script->step)) {
		step_script->options.is_proven = true;
		step_script->options.known_checksum = migration->checksum;
	}
	if (!script_load_small(step_script->path, &step_script->options, &step_script->arena,
	                       &step_script->script, &is_small, err))
		return false;
	step_script->is_streamed = !is_small;
	return step_script->is_streamed || is_unchanged(step_script, err);
}

bool step_script_hold(struct step_script *step_script, struct error *err)
{
	if (!step_script->is_streamed)
		return true;
	script_clear(&step_script->script);
	step_script->is_streamed = false;
	step_script->streamed_count = 0;
	step_script->echo_count = 0;
	return script_load(step_script->path, &step_script->options, &step_script->arena, &step_script->script,
	                   err) &&
	       is_unchanged(step_script, err);
}

static bool read_kept_rollback(const struct run *run, struct step_script *step_script, struct error *err)
{
	return is_rollback(step_script->step) ||
	       rollback_to_keep_load(step_script->step->migration, run->cache, &step_script->arena,
	                             &step_script->kept_rollback, err);
}

/* --- looking through --------------------------------------------------- */

static bool stream_each(struct script_stream *stream, step_script_see see, void *context, struct error *err)
{
	for (;;) {
		const struct statement *statement;

		if (!script_stream_next(stream, &statement, err))
			return false;
		if (!statement)
			return true;
		see(context, statement);
	}
}

bool step_script_omits(const struct statement *statement)
{
	const enum statement_class class = statement->kind.class;

	return !statement->echo && (class == STATEMENT_BEGIN || class == STATEMENT_COMMIT);
}

bool step_script_each(const struct step_script *step_script, step_script_see see, void *context,
                      struct error *err)
{
	scoped_script_stream struct script_stream *stream = NULL;

	for (size_t i = 0; i < step_script->converging.count; i++)
		see(context, &step_script->converging.statements[i]);
	for (size_t i = 0; i < step_script->script.count; i++)
		see(context, &step_script->script.statements[i]);
	return !step_script->is_streamed ||
	       (script_stream_open(step_script->path, &step_script->options, &stream, err) &&
	        stream_each(stream, see, context, err));
}

struct looking {
	struct run *run;
	struct step_script *step_script;
	struct mode_look mode;
};

/* What its text alone shows, as nobody holds it: where it is said, and how many there are. */
static void count_streamed(struct step_script *step_script, const struct statement *statement)
{
	if (step_script_omits(statement))
		return;
	if (statement->echo)
		*ARENA_PUSH(&step_script->arena, step_script->echoes, step_script->echo_count) =
		    (struct step_script_echo){step_script->streamed_count,
		                              arena_strdup(&step_script->arena, statement->echo)};
	step_script->streamed_count++;
}

/* What running the statement takes, and what it may leave. */
static void look_at(void *context, const struct statement *statement)
{
	struct looking *looking = context;
	struct step_script *step_script = looking->step_script;

	if (mode_is_opening(&looking->mode, statement))
		step_script->begin = str_copy(&step_script->arena, statement->text);
	mode_see(&looking->mode, statement);
	step_script->statement_count++;
	step_script->has_data |= statement->input != INPUT_NONE;
	step_script->asks_strings |= statement->depends_on_escapes;
	if (step_script->is_streamed)
		count_streamed(step_script, statement);
	if (statement->echo)
		return;
	session_restore_note(step_script, statement);
	step_script->changes_session |= statement->kind.changes_session;
	step_script->may_leave |= statement->kind.may_leave;
	step_script->may_set |= statement->kind.may_set;
	looking->run->meets_code |= statement->kind.brings_code;
}

static void look_anew(struct looking *looking)
{
	struct run *run = looking->run;
	struct step_script *step_script = looking->step_script;

	mode_begin(&looking->mode, run->db ? session_server_version(run->db) : 0);
	step_script->begin = NULL;
	step_script->statement_count = 0;
	step_script->streamed_count = 0;
	step_script->echo_count = 0;
	step_script->prepared_count = 0;
}

/* As step_script_each(), with the digest of what was looked at. */
static bool look_at_stream(struct looking *looking, bool *is_doubtful, struct error *err)
{
	struct step_script *step_script = looking->step_script;
	scoped_script_stream struct script_stream *stream = NULL;

	*is_doubtful = false;
	if (!script_stream_open(step_script->path, &step_script->options, &stream, err))
		return false;
	const bool good = stream_each(stream, look_at, looking, err);
	*is_doubtful = script_stream_is_doubtful(stream);
	if (!good)
		return false;
	script_stream_digest(stream, step_script->digest);
	script_stream_uses(stream, &step_script->arena, &step_script->script);
	return true;
}

/* How a literal ends that depends on the session is known when it runs: then all has to be at hand. */
static bool look_at_all(struct looking *looking, struct error *err)
{
	struct step_script *step_script = looking->step_script;
	bool is_doubtful = false;

	look_anew(looking);
	if (step_script->is_streamed && !look_at_stream(looking, &is_doubtful, err) && !is_doubtful)
		return false;
	if (is_doubtful && !step_script_hold(step_script, err))
		return false;
	if (is_doubtful)
		look_anew(looking);
	if (!step_script->is_streamed && !step_script_each(step_script, look_at, looking, err))
		return false;
	step_script->may_leave |= run_meets_code(looking->run) && step_script->statement_count > 0;
	return true;
}

/*
 * What was begun statement by statement is finished so, whatever its file says now: only the journal knows.
 */
static bool has_journal(const struct step *step)
{
	return step->record && step->record->state != RECORD_APPLIED;
}

static bool read_directives(struct step_script *step_script, struct directives *out, struct error *err)
{
	const struct migration *migration = step_script->step->migration;
	const struct source *source = step_script->script.sources[0];

	if (!migration || is_rollback(step_script->step))
		return directives_parse(source->file.text, source->path, &step_script->arena, out, err);
	*out = migration->directives;
	return true;
}

static bool look_through(struct run *run, struct step_script *step_script, struct error *err)
{
	struct looking looking;
	struct directives directives;

	/* The rest is mode_begin()'s. */
	looking.run = run;
	looking.step_script = step_script;
	if (!read_directives(step_script, &directives, err) || !look_at_all(&looking, err) ||
	    !mode_decide(&looking.mode, &directives, &step_script->mode, err))
		return false;
	if (has_journal(step_script->step))
		step_script->mode = MODE_NONTRANSACTIONAL;
	return step_script->mode != MODE_NONTRANSACTIONAL || step_script_hold(step_script, err);
}

bool step_script_load(struct run *run, struct step_script *step_script, struct error *err)
{
	script_clear(&step_script->script);
	if (!load_script(run, step_script, err) || !look_through(run, step_script, err))
		return error_context(err, "while reading %s", step_name(step_script->step));
	return true;
}

bool step_script_open(struct run *run, const struct step *step, struct step_script **out, struct error *err)
{
	scoped_step_script struct step_script *step_script = calloc(1, sizeof(*step_script));

	if (!step_script)
		return error_set(err, ERROR_STORAGE, "out of memory");
	step_script->step = step;
	if (!step_script_load(run, step_script, err))
		return false;
	if (!given_variables_check(step, &step_script->script, err) || !read_kept_rollback(run, step_script, err))
		return error_context(err, "while reading %s", step_name(step));
	*out = TAKE(step_script);
	return true;
}

void step_script_close(struct step_script **step_script)
{
	if (!*step_script)
		return;
	script_clear(&(*step_script)->script);
	script_clear(&(*step_script)->converging);
	arena_clear(&(*step_script)->arena);
	free(*step_script);
	*step_script = NULL;
}
