#include "apply/passage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "apply/blame.h"
#include "apply/session_restore.h"
#include "apply/watch.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "base/interrupt.h"
#include "history/kept_rollback.h"
#include "migration/checksum.h"

static bool is_rollback(const struct step *step)
{
	return step->action == STEP_ROLLBACK;
}

/* --- opening ---------------------------------------------------------- */

/* What psql knows of its connection from the start. */
static void know_connection(const struct session *db, struct arena *arena, struct script_options *options)
{
	struct script_variable *variables = arena_array(arena, struct script_variable, 4);

	variables[0] = (struct script_variable){"DBNAME", session_database(db)};
	variables[1] = (struct script_variable){"USER", session_user(db)};
	variables[2] = (struct script_variable){"HOST", session_host(db)};
	variables[3] = (struct script_variable){"PORT", session_port(db)};
	options->variables = variables;
	options->variable_count = 4;
}

struct script_options passage_script_options(const struct run *run, struct arena *arena)
{
	struct script_options options = {
	    .root = run->climb->project_root,
	    .boundary = run->climb->boundary,
	    .display_root = run->climb->project_root,
	};

	if (run->db) {
		know_connection(run->db, arena, &options);
		options.has_escapes = session_came_with_escapes(run->db);
	}
	return options;
}

static struct script_options options_of(const struct run *run, struct passage *passage)
{
	struct script_options options = passage_script_options(run, &passage->arena);

	options.known_strings = passage->known_strings;
	options.known_strings_count = passage->known_strings_count;
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
		return error_hint(err, "Write the pair under the rollback directory, or \"rung stamp\" past it.");
	}
	return script_parse(str_of(text), name, &options, &passage->arena, &passage->script, err);
}

/* What runs is what was checksummed: the file may have been replaced since. Mapped ones are too large to ask
 * twice. */
static bool is_unchanged(const struct passage *passage, struct error *err)
{
	const struct migration *migration = passage->step->migration;
	const struct file_text *file = &passage->script.sources[0]->file;
	scoped_arena struct arena arena = {0};

	if (file->mapped_size || strcmp(checksum_of_text(&arena, file->text), migration->checksum) == 0)
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
	const struct script_options options = options_of(run, passage);

	if (!is_rollback(passage->step))
		return script_load(migration->path, &options, &passage->arena, &passage->script, err) &&
		       is_unchanged(passage, err);
	if (passage_must_ask(passage->step))
		return load_kept_rollback(run, passage, err);
	return script_load(migration->rollback_path, &options, &passage->arena, &passage->script, err);
}

static bool read_way_back(struct passage *passage, struct error *err)
{
	return is_rollback(passage->step) ||
	       way_back_load(passage->step->migration, &passage->arena, &passage->way_back, err);
}

/* What was begun statement by statement is finished so, whatever its file says now: only the journal knows.
 */
static bool has_journal(const struct step *step)
{
	return step->record && step->record->state != RECORD_APPLIED;
}

static bool decide_mode(struct run *run, struct passage *passage, struct error *err)
{
	const struct migration *migration = passage->step->migration;
	const struct source *source = passage->script.sources[0];
	const int version = run->db ? session_server_version(run->db) : 0;
	struct directives directives;

	if (migration && !is_rollback(passage->step))
		directives = migration->directives;
	else if (!directives_parse(source->file.text, source->path, &passage->arena, &directives, err))
		return false;
	if (!mode_decide(&passage->script, &directives, version, &passage->mode, err))
		return false;
	if (has_journal(passage->step))
		passage->mode = MODE_PLAIN;
	return true;
}

/* What running the statements takes, and what they may leave. */
static void look_through(struct run *run, struct passage *passage)
{
	for (size_t i = 0; i < passage->script.count; i++) {
		const struct statement *statement = &passage->script.statements[i];

		passage->has_data |= statement->input != INPUT_NONE;
		passage->asks_strings |= statement->depends_on_escapes;
		if (statement->echo)
			continue;
		passage->changes_session |= statement->kind.changes_session;
		passage->may_leave |= statement->kind.may_leave;
		run->facts.has_event_triggers |= statement->kind.makes_event_triggers;
	}
	passage->may_leave |= run->facts.has_event_triggers && passage->script.count > 0;
}

bool passage_load(struct run *run, struct passage *passage, struct error *err)
{
	script_clear(&passage->script);
	if (!load_script(run, passage, err) || !decide_mode(run, passage, err))
		return error_context(err, "while reading %s", step_name(passage->step));
	look_through(run, passage);
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
	if (!read_way_back(passage, err))
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

/* --- planning --------------------------------------------------------- */

struct message *passage_add(struct passage *passage, enum message_role role)
{
	struct message *message = ARENA_PUSH(&passage->arena, passage->messages, passage->count);

	*message = (struct message){.role = role};
	return message;
}

/* `name` as in struct request: for what every passage says alike. */
static void add_command(struct passage *passage, enum message_role role, const char *name, const char *sql)
{
	passage_add(passage, role)->request = (struct request){.name = name, .sql = sql};
}

static void add_limits(struct run *run, struct passage *passage)
{
	const struct step_limits limits = run_limits(run, passage->step->migration);
	const bool can_notice_dead_client =
	    !run->db || (session_server_version(run->db) >= 140000 && !run->forgoes_client_check);

	passage_add(passage, MESSAGE_LIMITS)->request =
	    request_make(&run->climb->history, can_notice_dead_client ? "rung_limits" : "rung_limits_before_14",
	                 can_notice_dead_client ? SQL_apply_limits : SQL_apply_limits_before_14,
	                 PARAMS(milliseconds_text(&passage->arena, limits.lock_timeout_ms),
	                        milliseconds_text(&passage->arena, limits.statement_timeout_ms)),
	                 &passage->arena);
}

static void add_statements(struct passage *passage)
{
	for (size_t i = 0; i < passage->script.count; i++) {
		const struct statement *statement = &passage->script.statements[i];
		const enum statement_class class = statement->kind.class;

		/* A file's own BEGIN and COMMIT around everything are ours (mode.h). */
		if (!statement->echo && (class == STATEMENT_BEGIN || class == STATEMENT_COMMIT))
			continue;
		struct message *message = passage_add(passage, MESSAGE_STATEMENT);
		message->statement = statement;
		message->request.sql = str_copy(&passage->arena, statement->text);
	}
}

struct record_facts passage_record(const struct passage *passage)
{
	const struct migration *migration = passage->step->migration;

	assert(migration);
	return (struct record_facts){
	    .version = migration->number,
	    .name = migration->name,
	    .description = migration->description,
	    .checksum = migration->checksum,
	    .state = RECORD_APPLIED,
	    .statements_done = passage->script.count,
	    .rollback_sql = passage->way_back.sql,
	    .rollback_checksum = passage->way_back.checksum,
	};
}

static void add_history(struct run *run, struct passage *passage, enum commit_mode commit)
{
	const struct climb *climb = run->climb;
	const struct step *step = passage->step;
	struct arena *arena = &passage->arena;
	const struct log_entry entry = {
	    .action = step_action_name(step->action),
	    .outcome = "done",
	    .version = step_version(step),
	    .name = step_name(step),
	    .checksum = step->migration ? step->migration->checksum : NULL,
	    .rollback_checksum = passage->way_back.checksum,
	    .duration_ms = -1,
	};

	if (is_rollback(step)) {
		passage_add(passage, MESSAGE_HISTORY)->request =
		    history_forget(&climb->history, entry.version, arena);
	} else {
		const struct record_facts facts = passage_record(passage);
		passage_add(passage, MESSAGE_HISTORY)->request =
		    history_record(&climb->history, &climb->author, &facts, step->record != NULL, arena);
	}
	passage_add(passage, MESSAGE_HISTORY)->request =
	    history_log(&climb->history, &climb->author, &entry, commit, arena);
}

void passage_plan(struct run *run, struct passage *passage, struct passage_ends ends)
{
	passage->messages = NULL;
	passage->count = 0;
	passage->ends = ends;
	if (ends.begins)
		add_command(passage, MESSAGE_BEGIN, "rung_begin", "BEGIN");
	add_limits(run, passage);
	if (ends.notes_run)
		passage_add(passage, MESSAGE_HISTORY)->request = run_begin_request(run, &passage->arena);
	add_statements(passage);
	session_restore_plan(run, passage, ends.commits);
	add_history(run, passage, ends.commit);
	if (ends.commits)
		add_command(passage, MESSAGE_COMMIT, "rung_commit", "COMMIT");
}

/* --- running ---------------------------------------------------------- */

struct data_source {
	struct str rest;              /* inline data not sent yet */
	const struct file_text *file; /* that it lies in; NULL for data of a file of its own */
	FILE *stream;                 /* borrowed */
	char *block;
};

enum { COPY_BLOCK = 64 * 1024 };

static bool next_inline(void *context, struct str *chunk, struct error *err)
{
	struct data_source *source = context;

	(void)err;
	file_text_release(source->file, (size_t)(source->rest.text - source->file->text.text));
	*chunk = str_slice(source->rest, 0, COPY_BLOCK);
	source->rest = str_slice(source->rest, chunk->len, source->rest.len);
	return true;
}

static bool next_of_file(void *context, struct str *chunk, struct error *err)
{
	struct data_source *source = context;
	const size_t got = fread(source->block, 1, COPY_BLOCK, source->stream);

	if (ferror(source->stream))
		return error_set(err, ERROR_FILES, "could not read the data: %m");
	*chunk = (struct str){source->block, got};
	return true;
}

static bool copy_inline(struct run *run, const struct statement *statement, const char *sql,
                        struct error *err)
{
	struct data_source source = {.rest = statement->data, .file = &statement->source->file};
	int64_t rows;

	return execute_copy(run->db, sql, next_inline, &source, &rows, err);
}

static bool copy_file(struct run *run, const struct statement *statement, const char *sql, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_stream FILE *stream = fopen(statement->data_path, "re");
	struct data_source source = {.stream = stream, .block = arena_alloc(&arena, COPY_BLOCK)};
	int64_t rows;

	if (!stream)
		return error_set(err, ERROR_FILES, "could not read \"%s\": %m", statement->data_path);
	return execute_copy(run->db, sql, next_of_file, &source, &rows, err);
}

bool statement_run(struct run *run, const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (!interrupt_check(err))
		return false;
	if (statement->echo) {
		event_emit(run->climb->reporter, &(struct event){.kind = EVENT_ECHO, .text = statement->echo});
		return true;
	}
	const char *sql = str_copy(&arena, statement->text);
	switch (statement->input) {
	case INPUT_NONE:
		return execute_simple(run->db, sql, &arena, NULL, err);
	case INPUT_INLINE:
		return copy_inline(run, statement, sql, err);
	case INPUT_FILE:
		return copy_file(run, statement, sql, err);
	}
	return true;
}

static bool message_run(struct run *run, const struct message *message, struct error *err)
{
	if (message->statement)
		return statement_run(run, message->statement, err);
	return request_run(run->db, &message->request, err);
}

/* How many messages from there on can be said in one: commands of ours without values. */
static size_t count_joined(const struct passage *passage, size_t from)
{
	size_t end = from;

	while (end < passage->count &&
	       (passage->messages[end].role == MESSAGE_RESTORE || passage->messages[end].role == MESSAGE_SETTLE))
		end++;
	return end > from ? end - from : 1;
}

static bool run_joined(struct run *run, const struct message *messages, size_t count, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};

	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%s;\n", messages[i].request.sql);
	return execute_simple(run->db, buffer_cstr(&text), NULL, NULL, err);
}

static bool follow_strings(struct run *run, struct passage *passage, size_t message, struct error *err)
{
	const struct statement *statement = passage->messages[message].statement;

	return !statement ||
	       passage_follow_strings(run, passage, (size_t)(statement - passage->script.statements), err);
}

bool passage_run(struct run *run, struct passage *passage, struct error *err)
{
	for (size_t i = 0; i < passage->count; i++) {
		if (!follow_strings(run, passage, i, err))
			return false;
		const struct message *message = &passage->messages[i];
		const size_t joined = count_joined(passage, i);

		if (joined > 1 ? !run_joined(run, message, joined, err) : !message_run(run, message, err))
			return passage_blame(run, passage, message, err);
		i += joined - 1;
		if (message->role == MESSAGE_STATEMENT && session_transaction(run->db) != SESSION_IN_TRANSACTION) {
			const struct place place = statement_place(message->statement, 0);

			error_set(err, ERROR_SQL, "the statement ended the migration's transaction");
			error_hint(err, "Take COMMIT and ROLLBACK out of the file, or put \"-- rung: transaction: none\" "
			                "at its head.");
			return error_at(err, &place);
		}
	}
	return true;
}

/* --- blaming ---------------------------------------------------------- */

bool passage_blame(const struct run *run, const struct passage *passage, const struct message *message,
                   struct error *err)
{
	const char *name = step_name(passage->step);

	if (err->kind == ERROR_SERVER || err->kind == ERROR_CANCELLED)
		return false;
	if (message->statement)
		return statement_blame(run->db, message->statement, err);
	if (message->role == MESSAGE_COMMIT || message->role == MESSAGE_SETTLE ||
	    message->role == MESSAGE_RESTORE)
		return error_context(err, "while committing %s", name);
	if (message->role == MESSAGE_CHECK)
		return session_restore_blame(run, passage, err);
	if (message->role == MESSAGE_HISTORY) {
		request_explain(&message->request, err);
		return history_blame(&run->climb->history, &passage->script, name, err);
	}
	return error_context(err, "while recording %s", name);
}
