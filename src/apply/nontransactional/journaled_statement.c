/*
 * Which way a statement runs is decided in script_run_execute(), and the order there counts: what belongs
 * to an open transaction is never journaled alone, and a batch keeps its own position.
 *
 * The list of kinds that refuse transactions cannot be complete: whether REINDEX is of a partitioned
 * table, or a procedure commits, the text does not say. So whatever the list does not know is tried
 * inside a transaction, and the server's refusal (25001, 2D000, 25006), which comes before anything
 * stays, sends it the other way.
 *
 * An error of the kind "already exists" counts as success only for a statement that an earlier run began:
 * only then can it be about that statement's own work.
 *
 * CONCURRENTLY is tried three times with a short pause and not by lock_wait.c: it runs without timeouts,
 * so what refuses it is mostly a deadlock, which no look for old holders prevents. What it left is
 * cleared each time.
 */
#include <string.h>

#include "apply/batch/batch.h"
#include "apply/lock/lock_wait.h"
#include "apply/nontransactional/nontransactional_internal.h"
#include "apply/step/error_position.h"
#include "apply/timeouts.h"
#include "base/clock.h"
#include "migration/batch_directive.h"

enum { ASK_EVERY_MS = 500, MOST_TRIES_CONCURRENT = 3 };

/* Together with its row in the journal: done and known to be done, or neither. */
static bool run_in_transaction(struct script_run *script_run, struct error *err)
{
	const struct request done = script_run_request_done(script_run);

	return execute(script_run->run->db, "BEGIN", NO_PARAMS, err) &&
	       script_run_set_timeouts(script_run, true, err) && script_run_execute_text(script_run, err) &&
	       script_run_note(script_run, &done, 1, err) &&
	       execute(script_run->run->db, "COMMIT", NO_PARAMS, err);
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

static bool run_alone(struct script_run *script_run, bool was_begun, struct error *err);

static bool run_ordinary(struct script_run *script_run, struct error *err)
{
	struct error refusal;

	while (!run_in_transaction(script_run, &refusal)) {
		*err = refusal;
		if (refusal.kind != ERROR_SQL)
			return false;
		session_rollback(script_run->run->db);
		if (refuses_transactions(&refusal))
			return run_alone(script_run, false, err);
		if (!run_may_try_again(&refusal) ||
		    !lock_wait_after_refusal(script_run->run, script_run->step_script, &refusal, err))
			return false;
	}
	script_run->leaves_traces = true;
	return true;
}

/*
 * CONCURRENTLY waits for others by design: a timeout would leave its work
 * half-done. What the file has set is put back afterwards.
 */
static bool run_without_timeouts(struct script_run *script_run, struct error *err)
{
	struct session *db = script_run->run->db;
	scoped_rows struct rows *former = NULL;

	if (!script_run->sets_timeouts)
		return timeouts_set(db, (struct step_limits){0}, false, err) &&
		       script_run_execute_text(script_run, err);
	return timeouts_lift(db, &former, err) && script_run_execute_text(script_run, err) &&
	       timeouts_put_back(db, former, err);
}

static bool run_bare(struct script_run *script_run, struct error *err)
{
	if (script_run_statement(script_run)->kind.is_concurrent)
		return run_without_timeouts(script_run, err);
	return script_run_set_timeouts(script_run, false, err) && script_run_execute_text(script_run, err);
}

/* A connection that is lost in here leaves the row "started": recovery.c decides. */
static bool run_alone_once(struct script_run *script_run, bool was_begun, struct error *err)
{
	const struct statement *statement = script_run_statement(script_run);

	if (!script_run_note_start(script_run, err))
		return false;
	if (!run_bare(script_run, err))
		return was_begun && recovery_means_done(statement, err);
	return recovery_verify(script_run->run, statement, err);
}

/* What a failed statement may have left is cleared; where that is not possible, it stays known. */
static void clear_after_failure(struct script_run *script_run, const struct error *failure)
{
	const struct statement *statement = script_run_statement(script_run);
	const struct suspect suspect = script_run_suspect(script_run);
	struct error trouble;

	if (failure->kind != ERROR_SQL) {
		script_run->leaves_traces |= statement->kind.is_concurrent;
		return;
	}
	script_run->leaves_traces |= recovery_may_stay(statement, failure);
	if (recovery_clear(script_run->run, &suspect, &trouble))
		return;
	script_run->leaves_traces = true;
	event_warning(script_run->run->options->reporter, "%s", trouble.message);
}

static bool try_again(struct script_run *script_run, int tries, const struct error *refusal,
                      struct error *err)
{
	if (!run_may_try_again(refusal))
		return false;
	if (!script_run_statement(script_run)->kind.is_concurrent)
		return lock_wait_after_refusal(script_run->run, script_run->step_script, refusal, err);
	return tries < MOST_TRIES_CONCURRENT && clock_sleep_ms(clock_jitter_ms(ASK_EVERY_MS));
}

/* A statement that no transaction can hold: journaled before and after. */
static bool run_alone(struct script_run *script_run, bool was_begun, struct error *err)
{
	const struct suspect suspect = script_run_suspect(script_run);

	for (int tries = 1;; tries++) {
		struct error refusal;

		if (!recovery_clear(script_run->run, &suspect, err))
			return false;
		if (run_alone_once(script_run, was_begun, &refusal)) {
			script_run->leaves_traces = true;
			return script_run_note_done(script_run, err);
		}
		*err = refusal;
		clear_after_failure(script_run, &refusal);
		if (!try_again(script_run, tries, &refusal, err))
			return false;
	}
}

static bool run_batch(struct script_run *script_run, struct error *err)
{
	const struct batch_place place = {step_version(script_run->step_script->step),
	                                  script_run_journal_number(script_run), script_run->checksum};
	const struct request done = script_run_request_done(script_run);

	script_run->leaves_traces = true; /* some chunks may be committed */
	return batch_run(script_run->run, script_run->step_script, script_run_statement(script_run), &place,
	                 &done, err) ||
	       statement_locate_error(script_run->run, script_run->step_script->step,
	                              script_run_statement(script_run), err);
}

/* A COMMIT that ends nothing, SET LOCAL where nothing is open: the server warns, and nothing is done. */
static bool does_nothing(const struct statement *statement)
{
	const enum statement_class class = statement->kind.class;

	return !statement->echo && (class == STATEMENT_COMMIT || class == STATEMENT_ROLLBACK ||
	                            statement->kind.block == BLOCK_WANTED);
}

bool script_run_execute(struct script_run *script_run, bool was_begun, struct error *err)
{
	const struct statement *statement = script_run_statement(script_run);

	if (script_run_in_transaction(script_run))
		return script_run_execute_in_transaction(script_run, err);
	if (batch_is_wanted(statement))
		return run_batch(script_run, err);
	if (script_run_runs_always(statement) || does_nothing(statement))
		return script_run_execute_text(script_run, err);
	if (statement->kind.class == STATEMENT_NONTRANSACTIONAL || was_begun)
		return run_alone(script_run, was_begun, err);
	return run_ordinary(script_run, err);
}
