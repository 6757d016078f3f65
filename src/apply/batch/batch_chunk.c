/*
 * One transaction holds the changed rows and the position after them, the last one the journal's row
 * instead. So a kill or a lost COMMIT leaves nothing to guess: the next run reads the position and goes
 * on there. `position` is set back when a chunk fails, because the next try must begin where this one
 * did.
 *
 * A chunk that meets a lock, a deadlock or its own timeout is tried again with half the rows. Conflicts
 * are waited for as long as --lock-wait says; a timeout only ten times, since a statement that is too
 * slow for the smallest chunk stays so.
 *
 * The size follows the time: a fifth more when a chunk was quicker than wanted, half when it took twice
 * as long, between 100 and 100,000 rows. A statement waits 1 s for a lock and lasts ten times what a
 * chunk should (10 s at least): the rows that it has changed are locked meanwhile.
 *
 * Ctrl-C is held back while a chunk runs: to cancel it would throw its work away, and it usually takes a
 * fraction of a second.
 */
#include <string.h>

#include "apply/as_session_user.h"
#include "apply/batch/batch_internal.h"
#include "apply/timeouts.h"
#include "base/clock.h"
#include "base/interrupt.h"

enum {
	SMALLEST_CHUNK = 100,
	LARGEST_CHUNK = 100000,
	MOST_TIMEOUTS_A_CHUNK = 10,
	LOCK_TIMEOUT_MS = 1000,
	RETRY_EVERY_MS = 200,
};

static bool run_statement(struct batch_run *batch_run, const char *const *next, int64_t *changed,
                          struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const size_t count = batch_run->batch.way == BATCH_BY_KEY ? batch_run->batch.column_count : 1;
	const char *values[2 * BATCH_MOST_COLUMNS];

	for (size_t i = 0; i < count; i++) {
		values[i] = batch_run->position.lo[i];
		values[count + i] = next[i];
	}
	const struct params params = {values, batch_run->batch.way == BATCH_REPEAT ? 0 : (int)(2 * count)};
	if (!query(batch_run->run->db, batch_run->text, params, &rows, err))
		return false;
	*changed = rows_affected(rows);
	return true;
}

static bool set_limits(struct batch_run *batch_run, struct error *err)
{
	const int64_t statement_ms =
	    batch_run->batch.time_ms * 10 > 10000 ? batch_run->batch.time_ms * 10 : 10000;
	const struct step_limits limits = {LOCK_TIMEOUT_MS, statement_ms};

	return timeouts_set(batch_run->run->db, limits, true, err);
}

/* How far it came, or with the last chunk the journal's row: there is nothing left to come to. */
static bool note_chunk(struct batch_run *batch_run, bool is_whole, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct qualified_name *history = &batch_run->run->options->history;
	const struct batch_place *place = batch_run->place;
	const struct request notes[] = {
	    is_whole ? position_forget(history, place->version, place->statement, &arena)
	             : position_save(history, place->version, place->statement, place->checksum,
	                             &batch_run->position, &arena),
	    *batch_run->done,
	};

	return as_session_user_run(batch_run->run, notes, is_whole ? 2 : 1, err);
}

static bool take_chunk_inside(struct batch_run *batch_run, bool *whole, struct error *err)
{
	const char *next[POSITION_COLUMNS] = {0};
	int64_t changed = 0;

	if (!set_limits(batch_run, err) || !batch_run_find_next(batch_run, next, err) ||
	    !run_statement(batch_run, next, &changed, err))
		return false;
	memcpy(batch_run->position.lo, next, sizeof(next));
	batch_run->position.rows += changed;
	batch_run->position.rows_in_pass += changed;
	batch_run->position.chunks++;
	return batch_run_check_end(batch_run, changed, whole, err) && note_chunk(batch_run, *whole, err);
}

/* Position and rows in one transaction. */
static bool take_chunk(struct batch_run *batch_run, bool *whole, struct error *err)
{
	const struct position before = batch_run->position;

	if (execute(batch_run->run->db, "BEGIN", NO_PARAMS, err) && take_chunk_inside(batch_run, whole, err) &&
	    execute(batch_run->run->db, "COMMIT", NO_PARAMS, err))
		return true;
	batch_run->position = before;
	return false;
}

/* Who asks for chunks of fewer rows than we would make gets them. */
static int64_t smallest_chunk(const struct batch_run *batch_run)
{
	return batch_run->batch.size < SMALLEST_CHUNK ? batch_run->batch.size : SMALLEST_CHUNK;
}

static void resize(struct batch_run *batch_run, int64_t took_ms)
{
	int64_t size = batch_run->position.size;

	if (took_ms > 2 * batch_run->batch.time_ms)
		size /= 2;
	else if (took_ms < batch_run->batch.time_ms)
		size += size / 5 + 1;
	if (size < smallest_chunk(batch_run))
		size = smallest_chunk(batch_run);
	batch_run->position.size = size > LARGEST_CHUNK ? LARGEST_CHUNK : size;
}

/*
 * 57014 is statement_timeout here: a cancel of ours is held back. Somebody else's pg_cancel_backend()
 * looks the same.
 */
static bool is_timeout(const struct error *err)
{
	return err->kind == ERROR_SQL && strcmp(err->sqlstate, "57014") == 0;
}

/* 40001 comes where the session defaults to REPEATABLE READ or more. */
static bool is_conflict(const struct error *err)
{
	return run_may_try_again(err) || (err->kind == ERROR_SQL && strcmp(err->sqlstate, "40001") == 0);
}

/* The columns of suspect.sql. */
enum {
	SUSPECT_PID,
	SUSPECT_USER,
	SUSPECT_APPLICATION,
	SUSPECT_STATE,
	SUSPECT_AGE_MS,
};

/* Who has been writing to the table for longest; it need not be the one we met. */
static const char *suspect(struct batch_run *batch_run, struct arena *arena, const char **pid)
{
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (!batch_run->table ||
	    !query(batch_run->run->db, SQL_batch_suspect, PARAMS(batch_run->relation), &rows, &trouble) ||
	    rows_count(rows) == 0)
		return NULL;
	*pid = rows_copy(rows, 0, SUSPECT_PID, arena);
	return arena_printf(arena,
	                    "pid %s (user %s, application \"%s\", %s, transaction open for %s) has rows of %s",
	                    *pid, rows_text(rows, 0, SUSPECT_USER), rows_text(rows, 0, SUSPECT_APPLICATION),
	                    rows_text(rows, 0, SUSPECT_STATE),
	                    duration_text(arena, rows_number(rows, 0, SUSPECT_AGE_MS)), batch_run->table);
}

static bool out_of_patience(struct batch_run *batch_run, const struct error *refusal, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *pid = NULL;
	const char *who = suspect(batch_run, &arena, &pid);

	*err = *refusal;
	err->kind = ERROR_LOCK;
	error_context(err, "after %lld rows of the batch", (long long)batch_run->position.rows);
	if (who) {
		error_detail(err, "%s.", who);
		error_hint(err, "End it with SELECT pg_terminate_backend(%s); or raise --lock-wait.", pid);
	}
	return false;
}

/* What a chunk goes through until it is done. */
struct patience {
	int64_t until_ms; /* clock_now_ms() at which waiting for rows of others ends */
	int tries;
	int timeouts;
};

/* A chunk that met a lock, a deadlock or its own timeout is tried again, smaller. */
static bool make_smaller(struct batch_run *batch_run, struct patience *patience, const struct error *refusal,
                         struct error *err)
{
	const int64_t half = batch_run->position.size / 2;

	if (is_timeout(refusal) ? ++patience->timeouts == MOST_TIMEOUTS_A_CHUNK : !is_conflict(refusal)) {
		*err = *refusal;
		return false;
	}
	session_rollback(batch_run->run->db);
	if (clock_now_ms() >= patience->until_ms)
		return out_of_patience(batch_run, refusal, err);
	batch_run->position.size = half > smallest_chunk(batch_run) ? half : smallest_chunk(batch_run);
	if (++patience->tries == 1)
		event_note(batch_run->run->options->reporter,
		           "%s: a chunk could not be run (%s); trying again with a smaller one",
		           step_name(batch_run->step_script->step), refusal->message);
	return clock_sleep_ms(clock_jitter_ms(RETRY_EVERY_MS)) || interrupt_check(err);
}

bool batch_run_take_chunk(struct batch_run *batch_run, bool *whole, struct error *err)
{
	struct patience patience = {.until_ms = clock_now_ms() + batch_run->run->options->locks.lock_wait_ms};

	for (;;) {
		struct error refusal;
		const int64_t began_ms = clock_now_ms();
		const bool was_held = session_hold_cancel(batch_run->run->db, true);
		const bool done = take_chunk(batch_run, whole, &refusal);

		session_hold_cancel(batch_run->run->db, was_held);
		if (done) {
			resize(batch_run, clock_now_ms() - began_ms);
			return true;
		}
		if (!make_smaller(batch_run, &patience, &refusal, err))
			return false;
	}
}
