#include <string.h>

#include "apply/ourselves.h"
#include "apply/turns.h"
#include "base/clock.h"
#include "base/interrupt.h"

enum {
	SMALLEST_TURN = 100,
	LARGEST_TURN = 100000,
	MOST_TIMEOUTS_A_TURN = 10,
	LOCK_TIMEOUT_MS = 1000,
	RETRY_EVERY_MS = 200,
};

static const char *number_text(struct arena *arena, int64_t number)
{
	return arena_printf(arena, "%lld", (long long)number);
}

static bool run_statement(struct turns *turns, const char *const *next, int64_t *changed, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const size_t count = turns->batch.way == BATCH_BY_KEY ? turns->batch.column_count : 1;
	const char *values[2 * BATCH_MOST_COLUMNS];

	for (size_t i = 0; i < count; i++) {
		values[i] = turns->position.lo[i];
		values[count + i] = next[i];
	}
	const struct params params = {values, turns->batch.way == BATCH_REPEAT ? 0 : (int)(2 * count)};
	if (!query(turns->run->db, turns->text, params, &rows, err))
		return false;
	*changed = rows_affected(rows);
	return true;
}

static bool set_limits(struct turns *turns, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const int64_t statement_ms = turns->batch.time_ms * 10 > 10000 ? turns->batch.time_ms * 10 : 10000;

	return execute(turns->run->db, SQL_apply_timeouts,
	               PARAMS(number_text(&arena, LOCK_TIMEOUT_MS), number_text(&arena, statement_ms), "true"),
	               err);
}

/* How far it came, or with the last turn the journal's row: there is nothing left to come to. */
static bool note_turn(struct turns *turns, bool is_whole, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct qualified_name *history = &turns->run->climb->history;
	const struct batch_place *place = turns->place;
	const struct request notes[] = {
	    is_whole ? position_forget(history, place->version, place->statement, &arena)
	             : position_save(history, place->version, place->statement, place->checksum, &turns->position,
	                             &arena),
	    *turns->done,
	};

	return ourselves_run(turns->run, notes, is_whole ? 2 : 1, err);
}

static bool take_turn_inside(struct turns *turns, bool *whole, struct error *err)
{
	const char *next[POSITION_COLUMNS] = {0};
	int64_t changed = 0;

	if (!set_limits(turns, err) || !turns_find_next(turns, next, err) ||
	    !run_statement(turns, next, &changed, err))
		return false;
	memcpy(turns->position.lo, next, sizeof(next));
	turns->position.rows += changed;
	turns->position.rows_in_pass += changed;
	turns->position.turns++;
	return turns_judge(turns, changed, whole, err) && note_turn(turns, *whole, err);
}

/* Position and rows in one transaction. */
static bool take_turn(struct turns *turns, bool *whole, struct error *err)
{
	const struct position before = turns->position;

	if (execute(turns->run->db, "BEGIN", NO_PARAMS, err) && take_turn_inside(turns, whole, err) &&
	    execute(turns->run->db, "COMMIT", NO_PARAMS, err))
		return true;
	turns->position = before;
	return false;
}

/* Who asks for turns of fewer rows than we would make gets them. */
static int64_t smallest_turn(const struct turns *turns)
{
	return turns->batch.size < SMALLEST_TURN ? turns->batch.size : SMALLEST_TURN;
}

static void resize(struct turns *turns, int64_t took_ms)
{
	int64_t size = turns->position.size;

	if (took_ms > 2 * turns->batch.time_ms)
		size /= 2;
	else if (took_ms < turns->batch.time_ms)
		size += size / 5 + 1;
	if (size < smallest_turn(turns))
		size = smallest_turn(turns);
	turns->position.size = size > LARGEST_TURN ? LARGEST_TURN : size;
}

static bool is_timeout(const struct error *err)
{
	return err->kind == ERROR_SQL && strcmp(err->sqlstate, "57014") == 0;
}

static bool is_conflict(const struct error *err)
{
	return run_may_try_again(err) || (err->kind == ERROR_SQL && strcmp(err->sqlstate, "40001") == 0);
}

/* Who has been writing to the table for longest; it need not be the one we met. */
static const char *suspect(struct turns *turns, struct arena *arena, const char **pid)
{
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (!turns->table ||
	    !query(turns->run->db, SQL_apply_batch_suspect, PARAMS(turns->relation), &rows, &trouble) ||
	    rows_count(rows) == 0)
		return NULL;
	*pid = rows_copy(rows, 0, 0, arena);
	return arena_printf(arena,
	                    "pid %s (user %s, application \"%s\", %s, transaction open for %s) has rows of %s",
	                    *pid, rows_text(rows, 0, 1), rows_text(rows, 0, 2), rows_text(rows, 0, 3),
	                    duration_text(arena, rows_number(rows, 0, 4)), turns->table);
}

static bool out_of_patience(struct turns *turns, const struct error *refusal, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *pid = NULL;
	const char *who = suspect(turns, &arena, &pid);

	*err = *refusal;
	err->kind = ERROR_LOCK;
	error_context(err, "after %lld rows of the batch", (long long)turns->position.rows);
	if (who) {
		error_detail(err, "%s.", who);
		error_hint(err, "End it with SELECT pg_terminate_backend(%s); or raise --lock-wait.", pid);
	}
	return false;
}

/* What a turn goes through until it is done. */
struct patience {
	int64_t until_ms; /* clock_now_ms() at which waiting for rows of others ends */
	int tries;
	int timeouts;
};

/* A turn that met a lock, a deadlock or its own timeout is tried again, smaller. */
static bool make_smaller(struct turns *turns, struct patience *patience, const struct error *refusal,
                         struct error *err)
{
	const int64_t half = turns->position.size / 2;

	if (is_timeout(refusal) ? ++patience->timeouts == MOST_TIMEOUTS_A_TURN : !is_conflict(refusal)) {
		*err = *refusal;
		return false;
	}
	session_rollback(turns->run->db);
	if (clock_now_ms() >= patience->until_ms)
		return out_of_patience(turns, refusal, err);
	turns->position.size = half > smallest_turn(turns) ? half : smallest_turn(turns);
	if (++patience->tries == 1)
		event_note(turns->run->climb->reporter, "%s: a turn could not be taken (%s); trying again, smaller",
		           step_name(turns->passage->step), refusal->message);
	return clock_sleep_ms(clock_jitter_ms(RETRY_EVERY_MS)) || interrupt_check(err);
}

bool turns_take(struct turns *turns, bool *whole, struct error *err)
{
	struct patience patience = {.until_ms = clock_now_ms() + turns->run->climb->locks.lock_wait_ms};

	for (;;) {
		struct error refusal;
		const int64_t began_ms = clock_now_ms();
		const bool was_held = session_hold_cancel(turns->run->db, true);
		const bool done = take_turn(turns, whole, &refusal);

		session_hold_cancel(turns->run->db, was_held);
		if (done) {
			resize(turns, clock_now_ms() - began_ms);
			return true;
		}
		if (!make_smaller(turns, &patience, &refusal, err))
			return false;
	}
}
