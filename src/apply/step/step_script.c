/*
 * One step as a list of messages. The same list is sent in a pipeline, sent message by message, or
 * printed, so that the three cannot differ in what they do.
 *
 * The order is fixed. BEGIN and the limits come first, so that they hold for every statement of the file.
 * After the statements, what the file deferred runs first, because it is the file's; then the session is
 * put back; and only then, as the user we came as, is the history written. COMMIT is the last, so that the
 * record exists exactly when the file's effects do. A file that begins its own transaction keeps its BEGIN
 * where it is, because its isolation level has to be said before the first query.
 */
#include "apply/step/step_script.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "apply/step/copy_data.h"
#include "apply/step/error_position.h"
#include "apply/step/given_variables.h"
#include "apply/step/session_restore.h"
#include "base/buffer.h"
#include "base/interrupt.h"

static bool is_rollback(const struct step *step)
{
	return step->action == STEP_ROLLBACK;
}

/* --- planning --------------------------------------------------------- */

static bool can_notice_dead_client(const struct run *run)
{
	return !run->db || (session_server_version(run->db) >= 140000 && !run->forgoes_client_check);
}

static void add_limit(struct step_script *step_script, const char *setting, const char *value)
{
	if (value)
		step_script_add_command(step_script, MESSAGE_LIMITS,
		                        arena_printf(&step_script->arena, "SET LOCAL %s TO %s", setting,
		                                     quote_literal(&step_script->arena, value)));
}

/*
 * The same as in limits.sql by commands that are no query: the file's own statement is to be the first one.
 */
static void add_limits_before_query(struct run *run, struct step_script *step_script)
{
	const struct step_limits limits = run_limits(run, step_script->step->migration);

	add_limit(step_script, "lock_timeout", milliseconds_text(&step_script->arena, limits.lock_timeout_ms));
	add_limit(step_script, "statement_timeout",
	          milliseconds_text(&step_script->arena, limits.statement_timeout_ms));
	add_limit(step_script, "idle_in_transaction_session_timeout", "0");
	if (can_notice_dead_client(run))
		add_limit(step_script, "client_connection_check_interval", "2s");
}

static void add_limits(struct run *run, struct step_script *step_script)
{
	const struct step_limits limits = run_limits(run, step_script->step->migration);
	const enum step_query query = can_notice_dead_client(run) ? STEP_LIMITS : STEP_LIMITS_BEFORE_14;

	step_script_add(step_script, MESSAGE_LIMITS)->request =
	    request_prepared(&run->options->history, &step_queries[query],
	                     PARAMS(milliseconds_text(&step_script->arena, limits.lock_timeout_ms),
	                            milliseconds_text(&step_script->arena, limits.statement_timeout_ms)),
	                     &step_script->arena);
}

/* Those of a streamed file were counted when it was looked through. */
static void add_statements(struct step_script *step_script)
{
	step_script->statements_at = step_script->count;
	if (step_script->is_streamed)
		return;
	step_script->echo_count = 0;
	for (size_t i = 0; i < step_script->script.count; i++) {
		const struct statement *statement = &step_script->script.statements[i];

		if (step_script_omits(statement))
			continue;
		if (statement->echo)
			*ARENA_PUSH(&step_script->arena, step_script->echoes, step_script->echo_count) =
			    (struct step_script_echo){step_script->count - step_script->statements_at, statement->echo};
		step_script_add(step_script, MESSAGE_STATEMENT)->statement = statement;
	}
}

struct record_values step_script_record(struct step_script *step_script)
{
	const struct migration *migration = step_script->step->migration;

	assert(migration);
	return (struct record_values){
	    .version = migration->number,
	    .name = migration->name,
	    .description = migration->description,
	    .checksum = migration->checksum,
	    .state = RECORD_APPLIED,
	    .statements_done = step_script->statement_count,
	    .rollback_sql = step_script->kept_rollback.sql,
	    .rollback_checksum = step_script->kept_rollback.checksum,
	    .variables = given_variables_text(&step_script->script, migration->number, &step_script->arena),
	};
}

static const char *text_or_none(const char *text)
{
	return text && *text ? text : NULL;
}

static void add_history(struct run *run, struct step_script *step_script, enum commit_mode commit)
{
	const struct migrate_options *options = run->options;
	const struct step *step = step_script->step;
	struct arena *arena = &step_script->arena;
	const struct log_entry entry = {
	    .action = step_action_name(step->action),
	    .outcome = "done",
	    .version = step_version(step),
	    .name = step_name(step),
	    .checksum = step->migration ? step->migration->checksum : NULL,
	    .rollback_checksum = step_script->kept_rollback.checksum,
	    .sql = text_or_none(step_script->convergence.sql),
	    .sql_back = text_or_none(step_script->convergence.back),
	    .duration_ms = -1,
	};

	if (is_rollback(step)) {
		step_script_add(step_script, MESSAGE_HISTORY)->request =
		    history_forget(&options->history, entry.version, arena);
	} else {
		const struct record_values facts = step_script_record(step_script);
		struct message *message = step_script_add(step_script, MESSAGE_HISTORY);

		if (!step->record) {
			message->request =
			    history_record_logged(&options->history, &run->author, &facts, &entry, commit, arena);
			return;
		}
		message->request = history_record(&options->history, &run->author, &facts, true, arena);
	}
	step_script_add(step_script, MESSAGE_HISTORY)->request =
	    history_log(&options->history, &run->author, &entry, commit, arena);
}

static void add_run(struct run *run, struct step_script *step_script)
{
	if (step_script->ends.notes_run)
		step_script_add(step_script, MESSAGE_HISTORY)->request = run_begin_request(run, &step_script->arena);
}

/*
 * Nothing of ours may be a query before the file has said of what kind its transaction is; nor is anything
 * written as whatever role, and read in whatever encoding, the file has set.
 */
static void add_own_transaction(struct run *run, struct step_script *step_script)
{
	step_script_add_command(step_script, MESSAGE_BEGIN, step_script->begin ? step_script->begin : "BEGIN");
	add_limits_before_query(run, step_script);
	add_statements(step_script);
	session_restore_plan(run, step_script);
	add_run(run, step_script);
}

static void add_transaction(struct run *run, struct step_script *step_script)
{
	if (step_script->ends.begins)
		step_script_add_query(step_script, MESSAGE_BEGIN, STEP_BEGIN);
	add_limits(run, step_script);
	add_run(run, step_script);
	step_script_add_convergence(step_script);
	add_statements(step_script);
	session_restore_plan(run, step_script);
	if (step_script->convergence.sql)
		step_script_add(step_script, MESSAGE_PROOF);
}

void step_script_plan(struct run *run, struct step_script *step_script, struct step_script_ends ends)
{
	step_script->messages = NULL;
	step_script->count = 0;
	step_script->ends = ends;
	if (step_script->mode == MODE_OWN_TRANSACTION)
		add_own_transaction(run, step_script);
	else
		add_transaction(run, step_script);
	add_history(run, step_script, ends.commit);
	if (ends.commits)
		step_script_add_query(step_script, MESSAGE_COMMIT, STEP_COMMIT);
	step_script->total = step_script->count + step_script->streamed_count;
}

/* --- blaming ---------------------------------------------------------- */

/* The last statement that drops or alters something and names the history or its schema. */
struct culprit {
	const struct qualified_name *history;
	struct error at; /* its place; none where it is "" */
};

static void look_for_culprit(void *context, const struct statement *statement)
{
	struct culprit *culprit = context;

	if (!history_is_touched(culprit->history, statement))
		return;
	const struct place place = statement_place(statement, 0);
	error_at(&culprit->at, &place);
}

bool step_script_explain_history_error(const struct run *run, const struct step_script *step_script,
                                       struct error *err)
{
	struct culprit culprit = {.history = &run->options->history};
	struct error ignored;

	(void)!step_script_each(step_script, look_for_culprit, &culprit, &ignored); /* without a place, then */
	return history_explain_error(culprit.history, &culprit.at, step_name(step_script->step), err);
}

bool step_script_locate_error(const struct run *run, const struct step_script *step_script,
                              const struct message *message, struct error *err)
{
	const char *name = step_name(step_script->step);

	if (err->kind == ERROR_SERVER || err->kind == ERROR_CANCELLED)
		return false;
	if (message->role == MESSAGE_PROOF)
		return false;
	if (message->role == MESSAGE_CONVERGE && !message->statement)
		return error_context(err, "while converging %s", name);
	if (message->role == MESSAGE_CONVERGE)
		(void)!error_hint(err,
		                  "%s%sWrite this change as a migration of its own, with a lower number or "
		                  "before the file is edited.",
		                  err->hint, *err->hint ? " " : "");
	if (message->statement)
		return statement_locate_error(run, step_script->step, message->statement, err);
	if (message->role == MESSAGE_COMMIT || message->role == MESSAGE_SETTLE ||
	    message->role == MESSAGE_RESTORE)
		return error_context(err, "while committing %s", name);
	if (message->role == MESSAGE_CHECK)
		return session_restore_explain_error(run, step_script, err);
	if (message->role == MESSAGE_HISTORY) {
		request_explain(run->db, &message->request, err);
		return step_script_explain_history_error(run, step_script, err);
	}
	return error_context(err, "while recording %s", name);
}

bool step_script_locate_error_at(const struct run *run, struct step_script *step_script, size_t index,
                                 struct error *err)
{
	scoped_message_cursor struct message_cursor cursor = {.step_script = step_script};
	const struct message *message = NULL;
	struct error trouble;

	do
		if (!message_next(&cursor, &message, &trouble))
			return error_detail(err, "Its place is not known: %s", trouble.message);
	while (message && cursor.done <= index);
	return message && step_script_locate_error(run, step_script, message, err);
}
