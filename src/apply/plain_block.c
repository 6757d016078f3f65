/*
 * A plain file may open transactions of its own, and several statements joined
 * by "\;" are one: psql sends them in one message, which the server commits as
 * a whole. Each is journaled by the commit that ends it, so an earlier run did
 * all of it or nothing. A group's transaction is opened by us, statement by
 * statement; a BEGIN in it makes it the file's own, as the server would.
 *
 * What AND CHAIN opened is not there any more when a file goes on in another
 * session. It is opened again as the BEGIN before it said, with what SET
 * TRANSACTION added.
 */
#include "apply/blame.h"
#include "apply/lookout.h"
#include "apply/walk.h"
#include "base/digest.h"

static bool is_open(const struct walk *walk)
{
	return session_transaction(walk->run->db) == SESSION_IN_TRANSACTION;
}

static bool is_joined(const struct walk *walk)
{
	const struct statement *statement = walk_statement(walk);

	return statement->joins_next || (walk->index > 0 && statement[-1].joins_next);
}

bool walk_is_in_block(const struct walk *walk)
{
	return is_open(walk) || walk_statement(walk)->kind.class == STATEMENT_BEGIN || is_joined(walk);
}

/* --- the journal ------------------------------------------------------------ */

static bool is_done(struct walk *walk)
{
	const struct journal_step *step = journal_find(&walk->journal, walk_journal_number(walk));

	return step && step->is_done;
}

/* From where the transaction began to the statement at hand. */
static bool note_block(struct walk *walk, struct error *err)
{
	const size_t last = walk->index;
	struct request *requests = NULL;
	size_t count = 0;

	for (walk->index = walk->block; walk->index <= last; walk->index++) {
		if (walk_runs_always(walk_statement(walk)) || is_done(walk))
			continue;
		walk->checksum = digest_hex(&walk->arena, walk_statement(walk)->text);
		*ARENA_PUSH(&walk->arena, requests, count) = walk_request_done(walk);
	}
	walk->index = last;
	return count == 0 || walk_note(walk, requests, count, err);
}

/* --- one statement ---------------------------------------------------------- */

static bool opens_group(const struct walk *walk)
{
	const enum statement_class class = walk_statement(walk)->kind.class;

	return class != STATEMENT_BEGIN && class != STATEMENT_COMMIT && class != STATEMENT_ROLLBACK;
}

static bool open_group(struct walk *walk, struct error *err)
{
	walk->is_group = execute(walk->run->db, "BEGIN", NO_PARAMS, err) && walk_set_timeouts(walk, true, err);
	return walk->is_group;
}

static bool run_commit(struct walk *walk, struct error *err)
{
	if (!note_block(walk, err) || !walk_run_it(walk, err))
		return false;
	walk->leaves_traces = true;
	if (walk_statement(walk)->kind.chains)
		walk->block = walk->index + 1;
	return true;
}

bool walk_run_in_block(struct walk *walk, struct error *err)
{
	const enum statement_class class = walk_statement(walk)->kind.class;

	if (!is_open(walk)) {
		walk->block = walk->index;
		if (!opens_group(walk))
			return walk_run_it(walk, err);
		if (!open_group(walk, err))
			return false;
	}
	if (!opens_group(walk))
		walk->is_group = false;
	return class == STATEMENT_COMMIT ? run_commit(walk, err) : walk_run_it(walk, err);
}

/* --- the end of a group ----------------------------------------------------- */

bool walk_end_group(struct walk *walk, struct error *err)
{
	if (!walk->is_group || walk_statement(walk)->joins_next)
		return true;
	if (!note_block(walk, err))
		return false;
	if (!execute(walk->run->db, "COMMIT", NO_PARAMS, err))
		return statement_blame(walk->run, walk->passage->step, walk_statement(walk), err);
	walk->is_group = false;
	walk->leaves_traces = true;
	return true;
}

bool walk_try_group_again(struct walk *walk, struct error *err)
{
	const struct error refusal = *err;

	if (!walk->is_group || refusal.kind != ERROR_SQL)
		return false;
	walk->is_group = false;
	session_rollback(walk->run->db);
	if (!run_may_try_again(&refusal) || !lookout_after_refusal(walk->run, walk->passage, &refusal, err))
		return false;
	walk->index = walk->block;
	return true;
}

/* --- going on behind AND CHAIN ---------------------------------------------- */

/* Where a COMMIT is in the journal, so is all before it. */
static bool is_next_block_done(struct walk *walk)
{
	const size_t at = walk->index;
	enum statement_class class = STATEMENT_OTHER;
	bool done = false;

	while (class != STATEMENT_COMMIT && ++walk->index < walk->passage->script.count) {
		const struct statement_kind kind = walk_statement(walk)->kind;

		class = kind.class;
		if (class == STATEMENT_ROLLBACK && !kind.chains)
			break;
		done = class == STATEMENT_COMMIT && is_done(walk);
	}
	walk->index = at;
	return done;
}

bool walk_open_chained(struct walk *walk, struct error *err)
{
	const size_t at = walk->index;
	bool is_good = true;

	if (!walk_statement(walk)->kind.chains || is_next_block_done(walk))
		return true;
	for (walk->index = walk->opener; is_good && walk->index < at; walk->index++)
		if (walk->index == walk->opener || walk_statement(walk)->kind.sets_transaction)
			is_good = walk_run_it(walk, err);
	walk->index = at;
	walk->block = at + 1;
	return is_good;
}
