#include <string.h>

#include "apply/batch.h"
#include "apply/blame.h"
#include "apply/lookout.h"
#include "apply/walk.h"
#include "base/clock.h"
#include "migration/batch.h"

enum { ASK_EVERY_MS = 500, MOST_TRIES_CONCURRENT = 3 };

bool walk_run_it(struct walk *walk, struct error *err)
{
	return statement_run(walk->run, walk_statement(walk), err) ||
	       statement_blame(walk->run, walk->passage->step, walk_statement(walk), err);
}

static bool set_timeouts(struct walk *walk, bool is_local, struct step_limits limits, struct error *err)
{
	const char *lock = milliseconds_text(&walk->arena, limits.lock_timeout_ms);
	const char *statement = milliseconds_text(&walk->arena, limits.statement_timeout_ms);

	return execute(walk->run->db, SQL_apply_timeouts, PARAMS(lock, statement, is_local ? "true" : "false"),
	               err);
}

bool walk_set_timeouts(struct walk *walk, bool is_local, struct error *err)
{
	return walk->sets_timeouts ||
	       set_timeouts(walk, is_local, run_limits(walk->run, walk->passage->step->migration), err);
}

/* Together with its row in the journal: done and known to be done, or neither. */
static bool run_in_transaction(struct walk *walk, struct error *err)
{
	const struct request done = walk_request_done(walk);

	return execute(walk->run->db, "BEGIN", NO_PARAMS, err) && walk_set_timeouts(walk, true, err) &&
	       walk_run_it(walk, err) && walk_note(walk, &done, 1, err) &&
	       execute(walk->run->db, "COMMIT", NO_PARAMS, err);
}

/*
 * A statement that no list of ours knew to refuse transactions: REINDEX of a
 * partitioned table, a procedure that commits; or one after which nothing can
 * be journaled, as the file has made its transactions read-only. The server
 * says so before anything of it stays.
 */
static bool refuses_transactions(const struct error *err)
{
	return strcmp(err->sqlstate, "25001") == 0 || strcmp(err->sqlstate, "2D000") == 0 ||
	       strcmp(err->sqlstate, "25006") == 0;
}

static bool run_alone(struct walk *walk, bool was_begun, struct error *err);

static bool run_ordinary(struct walk *walk, struct error *err)
{
	struct error refusal;

	while (!run_in_transaction(walk, &refusal)) {
		*err = refusal;
		if (refusal.kind != ERROR_SQL)
			return false;
		session_rollback(walk->run->db);
		if (refuses_transactions(&refusal))
			return run_alone(walk, false, err);
		if (!run_may_try_again(&refusal) || !lookout_after_refusal(walk->run, walk->passage, &refusal, err))
			return false;
	}
	walk->leaves_traces = true;
	return true;
}

/*
 * CONCURRENTLY waits for others by design: a timeout would leave its work
 * half-done. What the file has set is put back afterwards.
 */
static bool run_without_timeouts(struct walk *walk, struct error *err)
{
	const struct step_limits none = {0};
	struct session *db = walk->run->db;
	scoped_rows struct rows *former = NULL;

	if (!walk->sets_timeouts)
		return set_timeouts(walk, false, none, err) && walk_run_it(walk, err);
	return query_row(db, SQL_apply_timeouts_now, NO_PARAMS, &former, err) &&
	       set_timeouts(walk, false, none, err) && walk_run_it(walk, err) &&
	       execute(db, SQL_apply_timeouts, PARAMS(rows_text(former, 0, 0), rows_text(former, 0, 1), "false"),
	               err);
}

static bool run_bare(struct walk *walk, struct error *err)
{
	if (walk_statement(walk)->kind.is_concurrent)
		return run_without_timeouts(walk, err);
	return walk_set_timeouts(walk, false, err) && walk_run_it(walk, err);
}

static bool run_alone_once(struct walk *walk, bool was_begun, struct error *err)
{
	const struct statement *statement = walk_statement(walk);

	if (!walk_note_start(walk, err))
		return false;
	if (!run_bare(walk, err))
		return was_begun && leftover_means_done(statement, err);
	return leftover_verify(walk->run, statement, err);
}

/* What a failed statement may have left is cleared; where that is not possible, it stays known. */
static void clear_after_failure(struct walk *walk, const struct error *failure)
{
	const struct statement *statement = walk_statement(walk);
	const struct suspect suspect = walk_suspect(walk);
	struct error trouble;

	if (failure->kind != ERROR_SQL) {
		walk->leaves_traces |= statement->kind.is_concurrent;
		return;
	}
	walk->leaves_traces |= leftover_may_stay(statement, failure);
	if (leftover_clear(walk->run, &suspect, &trouble))
		return;
	walk->leaves_traces = true;
	event_warning(walk->run->climb->reporter, "%s", trouble.message);
}

static bool try_again(struct walk *walk, int tries, const struct error *refusal, struct error *err)
{
	if (!run_may_try_again(refusal))
		return false;
	if (!walk_statement(walk)->kind.is_concurrent)
		return lookout_after_refusal(walk->run, walk->passage, refusal, err);
	return tries < MOST_TRIES_CONCURRENT && clock_sleep_ms(clock_jitter_ms(ASK_EVERY_MS));
}

/* A statement that no transaction can hold: journaled before and after. */
static bool run_alone(struct walk *walk, bool was_begun, struct error *err)
{
	const struct suspect suspect = walk_suspect(walk);

	for (int tries = 1;; tries++) {
		struct error refusal;

		if (!leftover_clear(walk->run, &suspect, err))
			return false;
		if (run_alone_once(walk, was_begun, &refusal)) {
			walk->leaves_traces = true;
			return walk_note_done(walk, err);
		}
		*err = refusal;
		clear_after_failure(walk, &refusal);
		if (!try_again(walk, tries, &refusal, err))
			return false;
	}
}

static bool run_batch(struct walk *walk, struct error *err)
{
	const struct batch_place place = {step_version(walk->passage->step), walk_journal_number(walk),
	                                  walk->checksum};
	const struct request done = walk_request_done(walk);

	walk->leaves_traces = true; /* some turns may be committed */
	return batch_run(walk->run, walk->passage, walk_statement(walk), &place, &done, err) ||
	       statement_blame(walk->run, walk->passage->step, walk_statement(walk), err);
}

/* A COMMIT that ends nothing, SET LOCAL where nothing is open: the server warns, and nothing is done. */
static bool is_idle_talk(const struct statement *statement)
{
	const enum statement_class class = statement->kind.class;

	return !statement->echo && (class == STATEMENT_COMMIT || class == STATEMENT_ROLLBACK ||
	                            statement->kind.block == BLOCK_WANTED);
}

bool walk_run_statement(struct walk *walk, bool was_begun, struct error *err)
{
	const struct statement *statement = walk_statement(walk);

	if (walk_is_in_block(walk))
		return walk_run_in_block(walk, err);
	if (batch_is_wanted(statement))
		return run_batch(walk, err);
	if (walk_runs_always(statement) || is_idle_talk(statement))
		return walk_run_it(walk, err);
	if (statement->kind.class == STATEMENT_PLAIN || was_begun)
		return run_alone(walk, was_begun, err);
	return run_ordinary(walk, err);
}
