/*
 * A nontransactional file may open transactions of its own, and several statements joined
 * by "\;" are one: psql sends them in one message, which the server commits as
 * a whole. Each is journaled by the commit that ends it, so an earlier run did
 * all of it or nothing. A group's transaction is opened by us, statement by
 * statement; a BEGIN in it makes it the file's own, as the server would.
 *
 * What AND CHAIN opened is not there any more when a file continues in another
 * session. It is opened again as the BEGIN before it said, with what SET
 * TRANSACTION added.
 */
#include "apply/lock/lock_wait.h"
#include "apply/nontransactional/nontransactional_internal.h"
#include "apply/step/error_position.h"
#include "base/digest.h"

static bool is_open(const struct script_run *script_run)
{
	return session_transaction(script_run->run->db) == SESSION_IN_TRANSACTION;
}

static bool is_joined(const struct script_run *script_run)
{
	const struct statement *statement = script_run_statement(script_run);

	return statement->joins_next || (script_run->index > 0 && statement[-1].joins_next);
}

bool script_run_in_transaction(const struct script_run *script_run)
{
	return is_open(script_run) || script_run_statement(script_run)->kind.class == STATEMENT_BEGIN ||
	       is_joined(script_run);
}

/* --- the journal ------------------------------------------------------------ */

static bool is_done(struct script_run *script_run)
{
	const struct journal_step *step =
	    journal_find(&script_run->journal, script_run_journal_number(script_run));

	return step && step->is_done;
}

/* From where the transaction began to the statement at hand. */
static bool note_block(struct script_run *script_run, struct error *err)
{
	const size_t last = script_run->index;
	struct request *requests = NULL;
	size_t count = 0;

	for (script_run->index = script_run->block; script_run->index <= last; script_run->index++) {
		if (script_run_runs_always(script_run_statement(script_run)) || is_done(script_run))
			continue;
		script_run->checksum = digest_hex(&script_run->arena, script_run_statement(script_run)->text);
		*ARENA_PUSH(&script_run->arena, requests, count) = script_run_request_done(script_run);
	}
	script_run->index = last;
	return count == 0 || script_run_note(script_run, requests, count, err);
}

/* --- one statement ---------------------------------------------------------- */

static bool opens_group(const struct script_run *script_run)
{
	const enum statement_class class = script_run_statement(script_run)->kind.class;

	return class != STATEMENT_BEGIN && class != STATEMENT_COMMIT && class != STATEMENT_ROLLBACK;
}

static bool open_group(struct script_run *script_run, struct error *err)
{
	script_run->is_group = execute(script_run->run->db, "BEGIN", NO_PARAMS, err) &&
	                       script_run_set_timeouts(script_run, true, err);
	return script_run->is_group;
}

static bool run_commit(struct script_run *script_run, struct error *err)
{
	if (!note_block(script_run, err) || !script_run_execute_text(script_run, err))
		return false;
	script_run->leaves_traces = true;
	if (script_run_statement(script_run)->kind.chains)
		script_run->block = script_run->index + 1;
	return true;
}

bool script_run_execute_in_transaction(struct script_run *script_run, struct error *err)
{
	const enum statement_class class = script_run_statement(script_run)->kind.class;

	if (!is_open(script_run)) {
		script_run->block = script_run->index;
		if (!opens_group(script_run))
			return script_run_execute_text(script_run, err);
		if (!open_group(script_run, err))
			return false;
	}
	if (!opens_group(script_run))
		script_run->is_group = false;
	return class == STATEMENT_COMMIT ? run_commit(script_run, err) : script_run_execute_text(script_run, err);
}

/* --- the end of a group ----------------------------------------------------- */

bool script_run_end_group(struct script_run *script_run, struct error *err)
{
	if (!script_run->is_group || script_run_statement(script_run)->joins_next)
		return true;
	if (!note_block(script_run, err))
		return false;
	if (!execute(script_run->run->db, "COMMIT", NO_PARAMS, err))
		return statement_locate_error(script_run->run, script_run->step_script->step,
		                              script_run_statement(script_run), err);
	script_run->is_group = false;
	script_run->leaves_traces = true;
	return true;
}

bool script_run_retry_group(struct script_run *script_run, struct error *err)
{
	const struct error refusal = *err;

	if (!script_run->is_group || refusal.kind != ERROR_SQL)
		return false;
	script_run->is_group = false;
	session_rollback(script_run->run->db);
	if (!run_may_try_again(&refusal) ||
	    !lock_wait_after_refusal(script_run->run, script_run->step_script, &refusal, err))
		return false;
	script_run->index = script_run->block;
	return true;
}

/* --- continuing after AND CHAIN ---------------------------------------------- */

/* Where a COMMIT is in the journal, so is all before it. */
static bool is_next_block_done(struct script_run *script_run)
{
	const size_t at = script_run->index;
	enum statement_class class = STATEMENT_OTHER;
	bool done = false;

	while (class != STATEMENT_COMMIT && ++script_run->index < script_run->step_script->script.count) {
		const struct statement_kind kind = script_run_statement(script_run)->kind;

		class = kind.class;
		if (class == STATEMENT_ROLLBACK && !kind.chains)
			break;
		done = class == STATEMENT_COMMIT && is_done(script_run);
	}
	script_run->index = at;
	return done;
}

bool script_run_open_chained(struct script_run *script_run, struct error *err)
{
	const size_t at = script_run->index;
	bool is_good = true;

	if (!script_run_statement(script_run)->kind.chains || is_next_block_done(script_run))
		return true;
	for (script_run->index = script_run->opener; is_good && script_run->index < at; script_run->index++)
		if (script_run->index == script_run->opener ||
		    script_run_statement(script_run)->kind.sets_transaction)
			is_good = script_run_execute_text(script_run, err);
	script_run->index = at;
	script_run->block = at + 1;
	return is_good;
}
