/*
 * A step sent message by message, each answered before the next: what a pipeline cannot do. A file is read
 * again on the way where a statement changed how literals end (step_script_strings.c).
 */
#include "apply/step/copy_data.h"
#include "apply/step/step_script.h"
#include "base/buffer.h"
#include "base/interrupt.h"

bool statement_run(struct run *run, const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (!interrupt_check(err))
		return false;
	if (statement->echo) {
		event_echo(run->options->reporter, statement->echo);
		return true;
	}
	const char *sql = NULL;
	if (!statement_sql(statement, &arena, &sql, err))
		return false;
	return statement->input == INPUT_NONE ? execute_simple(run->db, sql, &arena, NULL, err)
	                                      : statement_copy(run->db, statement, sql, err);
}

static bool message_run(struct run *run, const struct step_script *step_script, const struct message *message,
                        struct error *err)
{
	if (message->role == MESSAGE_PROOF)
		return step_script_prove(run, step_script, err);
	if (message->statement)
		return statement_run(run, message->statement, err);
	return request_run(run->db, &message->request, err);
}

/* How many messages from there on can be said in one: commands of ours without values. */
static size_t count_joined(const struct step_script *step_script, size_t from)
{
	size_t end = from;

	while (end < step_script->count && (step_script->messages[end].role == MESSAGE_RESTORE ||
	                                    step_script->messages[end].role == MESSAGE_SETTLE))
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
static bool follow_strings(struct run *run, struct step_script *step_script, const struct message *message,
                           struct error *err)
{
	const bool is_held = message->role == MESSAGE_STATEMENT && !step_script->is_streamed;
	const struct statement *statement = is_held ? message->statement : NULL;

	return !statement || step_script_follow_strings(
	                         run, step_script, (size_t)(statement - step_script->script.statements), err);
}

static bool left_transaction(const struct message *message, struct error *err)
{
	const struct place place = statement_place(message->statement, 0);

	error_set(err, ERROR_SQL, "the statement ended the migration's transaction");
	error_hint(
	    err, "Remove COMMIT and ROLLBACK from the file, or write \"-- rung: transaction: none\" at its top.");
	return error_at(err, &place);
}

bool step_script_run(struct run *run, struct step_script *step_script, struct error *err)
{
	scoped_message_cursor struct message_cursor cursor = {.step_script = step_script};

	for (;;) {
		const struct message *message;

		if (!message_next(&cursor, &message, err))
			return false;
		if (!message)
			return true;
		if (!follow_strings(run, step_script, message, err))
			return false;
		if (!step_script->is_streamed)
			message = &step_script->messages[cursor.next - 1]; /* they may be others by now */
		const size_t joined = message->statement ? 1 : count_joined(step_script, cursor.next - 1);
		if (joined > 1 ? !run_joined(run, message, joined, err)
		               : !message_run(run, step_script, message, err))
			return step_script_locate_error(run, step_script, message, err);
		cursor.next += joined - 1;
		if (message->role == MESSAGE_STATEMENT && session_transaction(run->db) != SESSION_IN_TRANSACTION)
			return left_transaction(message, err);
	}
}
