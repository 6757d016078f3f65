#include "apply/passage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "apply/blame.h"
#include "apply/copy_data.h"
#include "apply/given_variables.h"
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

static bool can_notice_dead_client(const struct run *run)
{
	return !run->db || (session_server_version(run->db) >= 140000 && !run->forgoes_client_check);
}

static void add_limit(struct passage *passage, const char *setting, const char *value)
{
	if (value)
		add_command(passage, MESSAGE_LIMITS, NULL,
		            arena_printf(&passage->arena, "SET LOCAL %s TO %s", setting,
		                         quote_literal(&passage->arena, value)));
}

/* The same as in limits.sql by commands that are no query: the file's own statement is to be the first one.
 */
static void add_limits_before_query(struct run *run, struct passage *passage)
{
	const struct step_limits limits = run_limits(run, passage->step->migration);

	add_limit(passage, "lock_timeout", milliseconds_text(&passage->arena, limits.lock_timeout_ms));
	add_limit(passage, "statement_timeout", milliseconds_text(&passage->arena, limits.statement_timeout_ms));
	add_limit(passage, "idle_in_transaction_session_timeout", "0");
	if (can_notice_dead_client(run))
		add_limit(passage, "client_connection_check_interval", "2s");
}

static void add_limits(struct run *run, struct passage *passage)
{
	const struct step_limits limits = run_limits(run, passage->step->migration);

	passage_add(passage, MESSAGE_LIMITS)->request = request_make(
	    &run->climb->history, can_notice_dead_client(run) ? "rung_limits" : "rung_limits_before_14",
	    can_notice_dead_client(run) ? SQL_apply_limits : SQL_apply_limits_before_14,
	    PARAMS(milliseconds_text(&passage->arena, limits.lock_timeout_ms),
	           milliseconds_text(&passage->arena, limits.statement_timeout_ms)),
	    &passage->arena);
}

bool passage_omits(const struct statement *statement)
{
	const enum statement_class class = statement->kind.class;

	return !statement->echo && (class == STATEMENT_BEGIN || class == STATEMENT_COMMIT);
}

/* Those of a streamed file were counted when it was looked through. */
static void add_statements(struct passage *passage)
{
	passage->statements_at = passage->count;
	if (passage->is_streamed)
		return;
	passage->echo_count = 0;
	for (size_t i = 0; i < passage->script.count; i++) {
		const struct statement *statement = &passage->script.statements[i];

		if (passage_omits(statement))
			continue;
		if (statement->echo)
			*ARENA_PUSH(&passage->arena, passage->echoes, passage->echo_count) =
			    (struct passage_echo){passage->count - passage->statements_at, statement->echo};
		passage_add(passage, MESSAGE_STATEMENT)->statement = statement;
	}
}

struct record_facts passage_record(struct passage *passage)
{
	const struct migration *migration = passage->step->migration;

	assert(migration);
	return (struct record_facts){
	    .version = migration->number,
	    .name = migration->name,
	    .description = migration->description,
	    .checksum = migration->checksum,
	    .state = RECORD_APPLIED,
	    .statements_done = passage->statement_count,
	    .rollback_sql = passage->way_back.sql,
	    .rollback_checksum = passage->way_back.checksum,
	    .variables = given_variables_text(&passage->script, migration->number, &passage->arena),
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
		struct message *message = passage_add(passage, MESSAGE_HISTORY);

		if (!step->record) {
			message->request =
			    history_record_logged(&climb->history, &climb->author, &facts, &entry, commit, arena);
			return;
		}
		message->request = history_record(&climb->history, &climb->author, &facts, true, arena);
	}
	passage_add(passage, MESSAGE_HISTORY)->request =
	    history_log(&climb->history, &climb->author, &entry, commit, arena);
}

static void add_run(struct run *run, struct passage *passage)
{
	if (passage->ends.notes_run)
		passage_add(passage, MESSAGE_HISTORY)->request = run_begin_request(run, &passage->arena);
}

/*
 * Nothing of ours may be a query before the file has said of what kind its transaction is; nor is anything
 * written as whoever, and read in whatever encoding, the file left behind.
 */
static void add_own_transaction(struct run *run, struct passage *passage)
{
	add_command(passage, MESSAGE_BEGIN, NULL, passage->begin ? passage->begin : "BEGIN");
	add_limits_before_query(run, passage);
	add_statements(passage);
	session_restore_plan(run, passage);
	add_run(run, passage);
}

static void add_transaction(struct run *run, struct passage *passage)
{
	if (passage->ends.begins)
		add_command(passage, MESSAGE_BEGIN, "rung_begin", "BEGIN");
	add_limits(run, passage);
	add_run(run, passage);
	add_statements(passage);
	session_restore_plan(run, passage);
}

void passage_plan(struct run *run, struct passage *passage, struct passage_ends ends)
{
	passage->messages = NULL;
	passage->count = 0;
	passage->ends = ends;
	if (passage->mode == MODE_OWN_TRANSACTION)
		add_own_transaction(run, passage);
	else
		add_transaction(run, passage);
	add_history(run, passage, ends.commit);
	if (ends.commits)
		add_command(passage, MESSAGE_COMMIT, "rung_commit", "COMMIT");
	passage->total = passage->count + passage->streamed_count;
}

/* --- running ---------------------------------------------------------- */

bool statement_run(struct run *run, const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (!interrupt_check(err))
		return false;
	if (statement->echo) {
		event_emit(run->climb->reporter, &(struct event){.kind = EVENT_ECHO, .text = statement->echo});
		return true;
	}
	const char *sql = NULL;
	if (!statement_sql(statement, &arena, &sql, err))
		return false;
	return statement->input == INPUT_NONE ? execute_simple(run->db, sql, &arena, NULL, err)
	                                      : statement_copy(run->db, statement, sql, err);
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

/* What is streamed has no literal that depends on them. */
static bool follow_strings(struct run *run, struct passage *passage, const struct message *message,
                           struct error *err)
{
	const struct statement *statement = passage->is_streamed ? NULL : message->statement;

	return !statement ||
	       passage_follow_strings(run, passage, (size_t)(statement - passage->script.statements), err);
}

static bool left_transaction(const struct message *message, struct error *err)
{
	const struct place place = statement_place(message->statement, 0);

	error_set(err, ERROR_SQL, "the statement ended the migration's transaction");
	error_hint(err, "Take COMMIT and ROLLBACK out of the file, or put \"-- rung: transaction: none\" "
	                "at its head.");
	return error_at(err, &place);
}

bool passage_run(struct run *run, struct passage *passage, struct error *err)
{
	scoped_message_walk struct message_walk walk = {.passage = passage};

	for (;;) {
		const struct message *message;

		if (!message_next(&walk, &message, err))
			return false;
		if (!message)
			return true;
		if (!follow_strings(run, passage, message, err))
			return false;
		if (!passage->is_streamed)
			message = &passage->messages[walk.next - 1]; /* they may be others by now */
		const size_t joined = message->statement ? 1 : count_joined(passage, walk.next - 1);
		if (joined > 1 ? !run_joined(run, message, joined, err) : !message_run(run, message, err))
			return passage_blame(run, passage, message, err);
		walk.next += joined - 1;
		if (message->role == MESSAGE_STATEMENT && session_transaction(run->db) != SESSION_IN_TRANSACTION)
			return left_transaction(message, err);
	}
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

bool passage_blame_history(const struct run *run, const struct passage *passage, struct error *err)
{
	struct culprit culprit = {.history = &run->climb->history};
	struct error ignored;

	(void)!passage_each(passage, look_for_culprit, &culprit, &ignored); /* without a place, then */
	return history_blame(culprit.history, &culprit.at, step_name(passage->step), err);
}

bool passage_blame(const struct run *run, const struct passage *passage, const struct message *message,
                   struct error *err)
{
	const char *name = step_name(passage->step);

	if (err->kind == ERROR_SERVER || err->kind == ERROR_CANCELLED)
		return false;
	if (message->statement)
		return statement_blame(run, passage->step, message->statement, err);
	if (message->role == MESSAGE_COMMIT || message->role == MESSAGE_SETTLE ||
	    message->role == MESSAGE_RESTORE)
		return error_context(err, "while committing %s", name);
	if (message->role == MESSAGE_CHECK)
		return session_restore_blame(run, passage, err);
	if (message->role == MESSAGE_HISTORY) {
		request_explain(run->db, &message->request, err);
		return passage_blame_history(run, passage, err);
	}
	return error_context(err, "while recording %s", name);
}

bool passage_blame_at(const struct run *run, struct passage *passage, size_t index, struct error *err)
{
	scoped_message_walk struct message_walk walk = {.passage = passage};
	const struct message *message = NULL;
	struct error trouble;

	do
		if (!message_next(&walk, &message, &trouble))
			return error_detail(err, "Its place is not known: %s", trouble.message);
	while (message && walk.done <= index);
	return message && passage_blame(run, passage, message, err);
}
