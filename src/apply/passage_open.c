/*
 * Reading a step's script. Nearly all are small and are held; one that is
 * large is looked through here and read a second time when it runs, so that
 * neither its text nor a list of its statements is ever in memory as a whole.
 * Both times its bytes are digested, so that what runs is what was looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "apply/given_variables.h"
#include "apply/passage.h"
#include "apply/session_restore.h"
#include "history/kept_rollback.h"
#include "migration/checksum.h"

static bool is_rollback(const struct step *step)
{
	return step->action == STEP_ROLLBACK;
}

void passage_know_connection(const struct session *db, struct arena *arena, struct script_options *options)
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

struct script_options passage_script_options(const struct run *run, struct arena *arena)
{
	struct script_options options = run->climb->scripts;

	options.display_root = options.root;
	options.shelf = run->shelf;
	if (run->db)
		passage_know_connection(run->db, arena, &options);
	return options;
}

static struct script_options options_of(const struct run *run, struct passage *passage)
{
	struct script_options options = passage_script_options(run, &passage->arena);

	options.known_strings = passage->known_strings;
	options.known_strings_count = passage->known_strings_count;
	options.is_digested = true;
	return options;
}

/* The image that is deployed no longer holds the file: the database kept it. */
static bool load_kept_rollback(struct run *run, struct passage *passage, struct error *err)
{
	const struct script_options options = options_of(run, passage);
	const char *name =
	    arena_printf(&passage->arena, "rollback of %s, kept in the database", step_name(passage->step));
	const char *text = NULL;

	if (!kept_rollback_load(run->db, &run->climb->history, step_version(passage->step), &passage->arena,
	                        &text, err))
		return false;
	if (!text) {
		error_set(err, ERROR_FILES, "no rollback of \"%s\" exists, neither as a file nor in the database",
		          step_name(passage->step));
		return error_hint(err, "Write the pair under the rollback directory.");
	}
	return script_parse(str_of(text), name, &options, &passage->arena, &passage->script, err);
}

/* What runs is what was checksummed: the file may have been replaced since. */
static bool is_unchanged(const struct passage *passage, struct error *err)
{
	const struct migration *migration = passage->step->migration;
	const struct file_text *file = &passage->script.sources[0]->file;
	scoped_arena struct arena arena = {0};

	if (is_rollback(passage->step) || strcmp(checksum_of_text(&arena, file->text), migration->checksum) == 0)
		return true;
	return error_set(err, ERROR_FILES, "\"%s\" was changed while rung was running", migration->shown_path);
}

bool passage_must_ask(const struct step *step)
{
	return is_rollback(step) && !(step->migration && step->migration->has_rollback);
}

static bool load_script(struct run *run, struct passage *passage, struct error *err)
{
	const struct migration *migration = passage->step->migration;
	bool is_small = true;

	passage->options = options_of(run, passage);
	if (passage_must_ask(passage->step))
		return load_kept_rollback(run, passage, err);
	passage->path = is_rollback(passage->step) ? migration->rollback_path : migration->path;
	if (!is_rollback(passage->step)) {
		passage->options.is_proven = true;
		passage->options.known_checksum = migration->checksum;
	}
	if (!script_load_small(passage->path, &passage->options, &passage->arena, &passage->script, &is_small,
	                       err))
		return false;
	passage->is_streamed = !is_small;
	return passage->is_streamed || is_unchanged(passage, err);
}

bool passage_hold(struct passage *passage, struct error *err)
{
	if (!passage->is_streamed)
		return true;
	script_clear(&passage->script);
	passage->is_streamed = false;
	passage->streamed_count = 0;
	passage->echo_count = 0;
	return script_load(passage->path, &passage->options, &passage->arena, &passage->script, err) &&
	       is_unchanged(passage, err);
}

static bool read_way_back(const struct run *run, struct passage *passage, struct error *err)
{
	return is_rollback(passage->step) ||
	       way_back_load(passage->step->migration, run->shelf, &passage->arena, &passage->way_back, err);
}

/* --- looking through --------------------------------------------------- */

static bool stream_each(struct script_stream *stream, passage_see see, void *context, struct error *err)
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

bool passage_each(const struct passage *passage, passage_see see, void *context, struct error *err)
{
	scoped_script_stream struct script_stream *stream = NULL;

	for (size_t i = 0; i < passage->script.count; i++)
		see(context, &passage->script.statements[i]);
	return !passage->is_streamed || (script_stream_open(passage->path, &passage->options, &stream, err) &&
	                                 stream_each(stream, see, context, err));
}

struct looking {
	struct run *run;
	struct passage *passage;
	struct mode_look mode;
};

/* What its text alone shows, as nobody holds it: where it is said, and how many there are. */
static void count_streamed(struct passage *passage, const struct statement *statement)
{
	if (passage_omits(statement))
		return;
	if (statement->echo)
		*ARENA_PUSH(&passage->arena, passage->echoes, passage->echo_count) =
		    (struct passage_echo){passage->streamed_count, arena_strdup(&passage->arena, statement->echo)};
	passage->streamed_count++;
}

/* What running the statement takes, and what it may leave. */
static void look_at(void *context, const struct statement *statement)
{
	struct looking *looking = context;
	struct passage *passage = looking->passage;

	if (mode_is_opening(&looking->mode, statement))
		passage->begin = str_copy(&passage->arena, statement->text);
	mode_see(&looking->mode, statement);
	passage->statement_count++;
	passage->has_data |= statement->input != INPUT_NONE;
	passage->asks_strings |= statement->depends_on_escapes;
	if (passage->is_streamed)
		count_streamed(passage, statement);
	if (statement->echo)
		return;
	session_restore_note(passage, statement);
	passage->changes_session |= statement->kind.changes_session;
	passage->may_leave |= statement->kind.may_leave;
	passage->may_set |= statement->kind.may_set;
	looking->run->meets_code |= statement->kind.brings_code;
}

static void look_anew(struct looking *looking)
{
	struct run *run = looking->run;
	struct passage *passage = looking->passage;

	mode_begin(&looking->mode, run->db ? session_server_version(run->db) : 0);
	passage->begin = NULL;
	passage->statement_count = 0;
	passage->streamed_count = 0;
	passage->echo_count = 0;
	passage->prepared_count = 0;
}

/* As passage_each(), with the digest of what was looked at. */
static bool look_at_stream(struct looking *looking, bool *is_doubtful, struct error *err)
{
	struct passage *passage = looking->passage;
	scoped_script_stream struct script_stream *stream = NULL;

	*is_doubtful = false;
	if (!script_stream_open(passage->path, &passage->options, &stream, err))
		return false;
	const bool good = stream_each(stream, look_at, looking, err);
	*is_doubtful = script_stream_is_doubtful(stream);
	if (!good)
		return false;
	script_stream_digest(stream, passage->digest);
	script_stream_uses(stream, &passage->arena, &passage->script);
	return true;
}

/* How a literal ends that depends on the session is known when it runs: then all has to be at hand. */
static bool look_at_all(struct looking *looking, struct error *err)
{
	struct passage *passage = looking->passage;
	bool is_doubtful = false;

	look_anew(looking);
	if (passage->is_streamed && !look_at_stream(looking, &is_doubtful, err) && !is_doubtful)
		return false;
	if (is_doubtful && !passage_hold(passage, err))
		return false;
	if (is_doubtful)
		look_anew(looking);
	if (!passage->is_streamed && !passage_each(passage, look_at, looking, err))
		return false;
	passage->may_leave |= run_meets_code(looking->run) && passage->statement_count > 0;
	return true;
}

/* What was begun statement by statement is finished so, whatever its file says now: only the journal knows.
 */
static bool has_journal(const struct step *step)
{
	return step->record && step->record->state != RECORD_APPLIED;
}

static bool read_directives(struct passage *passage, struct directives *out, struct error *err)
{
	const struct migration *migration = passage->step->migration;
	const struct source *source = passage->script.sources[0];

	if (!migration || is_rollback(passage->step))
		return directives_parse(source->file.text, source->path, &passage->arena, out, err);
	*out = migration->directives;
	return true;
}

static bool look_through(struct run *run, struct passage *passage, struct error *err)
{
	struct looking looking;
	struct directives directives;

	/* The rest is mode_begin()'s. */
	looking.run = run;
	looking.passage = passage;
	if (!read_directives(passage, &directives, err) || !look_at_all(&looking, err) ||
	    !mode_decide(&looking.mode, &directives, &passage->mode, err))
		return false;
	if (has_journal(passage->step))
		passage->mode = MODE_PLAIN;
	return passage->mode != MODE_PLAIN || passage_hold(passage, err);
}

bool passage_load(struct run *run, struct passage *passage, struct error *err)
{
	script_clear(&passage->script);
	if (!load_script(run, passage, err) || !look_through(run, passage, err))
		return error_context(err, "while reading %s", step_name(passage->step));
	return true;
}

bool passage_open(struct run *run, const struct step *step, struct passage **out, struct error *err)
{
	scoped_passage struct passage *passage = calloc(1, sizeof(*passage));

	if (!passage)
		return error_set(err, ERROR_STORAGE, "out of memory");
	passage->step = step;
	if (!passage_load(run, passage, err))
		return false;
	if (!given_variables_check(step, &passage->script, err) || !read_way_back(run, passage, err))
		return error_context(err, "while reading %s", step_name(step));
	*out = TAKE(passage);
	return true;
}

void passage_close(struct passage **passage)
{
	if (!*passage)
		return;
	script_clear(&(*passage)->script);
	arena_clear(&(*passage)->arena);
	free(*passage);
	*passage = NULL;
}
