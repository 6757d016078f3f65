/*
 * A statement that waits for ACCESS EXCLUSIVE makes everybody queue behind it. Measured with 10 clients
 * and a transaction open for 8 s, ALTER TABLE stalled all of them for 7.5 s without a lock_timeout, for
 * 0.5 s a try with 500 ms, and for 85 ms at most when holders were looked for first. Hence: look, wait
 * outside the queue, and only then try, with a short timeout and a backoff from 0.5 s to 10 s with
 * jitter.
 *
 * Old is what is open for 150 ms: a shorter transaction ends by itself within the try. Only if there is
 * one is the grammar asked what the file would lock, since most runs meet nobody and libpg_query costs
 * its loading. What it does not understand is not waited for.
 *
 * A worker of autovacuum gives way only after deadlock_timeout (1 s by default): tries of 100 and 900 ms
 * never got past it, one of 1.5 s did.
 */
#include "apply/lock/lock_wait.h"

#include "apply/lock/holders.h"
#include "base/clock.h"
#include "sql/parse.h"

enum {
	OLD_AFTER_MS = 150,
	LOOK_EVERY_MS = 250,
	SPEAK_AFTER_MS = 2000,
	SPEAK_EVERY_MS = 10000,
	FIRST_BACKOFF_MS = 500,
	LONGEST_BACKOFF_MS = 10000,
	BEYOND_DEADLOCK_TIMEOUT_MS = 200,
};

struct targets {
	struct arena *arena;
	struct lock_target_list list;
};

static void add_targets(void *context, const struct statement *statement)
{
	struct targets *targets = context;

	(void)!parse_lock_targets(statement->text, targets->arena, &targets->list);
}

/* What cannot be read any more fails where it is to run. */
static struct lock_target_list targets_of(const struct step_script *step_script, struct arena *arena)
{
	struct targets targets = {.arena = arena};
	struct error ignored;

	(void)!step_script_each(step_script, add_targets, &targets, &ignored);
	return targets.list;
}

static bool ask_holders(struct run *run, int old_after_ms, struct arena *arena, struct rows **out,
                        struct error *err)
{
	const char *own = arena_printf(arena, "%d", run->facts.backend_pid);
	const char *moment = arena_printf(arena, "%d", old_after_ms);

	return query(run->db, SQL_lock_holders, PARAMS(own, moment), out, err);
}

static bool out_of_patience(const struct run *run, const struct rows *holders, size_t row,
                            struct arena *arena, struct error *err)
{
	error_set(err, ERROR_LOCK, "could not acquire the locks in time");
	error_detail(err, "%s.", holders_describe(holders, row, run->options->locks.show_queries, arena));
	error_hint(err,
	           "End it with SELECT pg_terminate_backend(%s), or let rung do so with --terminate-blockers; "
	           "or raise --lock-wait.",
	           holders_pid_text(holders, row));
	return false;
}

/*
 * A worker of autovacuum gives way, but only to somebody who has waited for
 * deadlock_timeout: the next try must last longer than that.
 */
static bool yields_to_us(struct run *run, const struct rows *holders, size_t row)
{
	const int64_t yields_after_ms = holders_yield_after_ms(holders, row);

	if (yields_after_ms < 0)
		return false;
	run->lock_timeout_ms = yields_after_ms + BEYOND_DEADLOCK_TIMEOUT_MS;
	return true;
}

static void stop_blocker(struct run *run, const struct rows *holders, size_t row)
{
	const struct blocker blocker = holders_blocker(holders, row);

	(void)!blocker_stop(run, run->db, &blocker); /* a blocker that stays is waited for */
}

static void speak(struct run *run, const struct rows *holders, size_t row, int64_t waited_ms,
                  struct arena *arena)
{
	event_waiting(run->options->reporter, NULL,
	              arena_printf(arena, "waiting for a lock: %s",
	                           holders_describe(holders, row, run->options->locks.show_queries, arena)),
	              waited_ms);
}

bool lock_wait_is_clear(const struct run *run, const struct step_script *step_script)
{
	scoped_arena struct arena arena = {0};

	if (!run->old_holders || rows_count(run->old_holders) == 0)
		return true;
	const struct lock_target_list targets = targets_of(step_script, &arena);
	return holders_find_blocker(&targets, run->old_holders) == rows_count(run->old_holders);
}

/* What was seen last is kept for lock_wait_is_clear(). */
static struct rows *keep(struct run *run, struct rows *holders)
{
	rows_clear(&run->old_holders);
	run->old_holders = holders;
	return holders;
}

struct lock_patience lock_patience_begin(int64_t now_ms, int64_t deadline_ms)
{
	return (struct lock_patience){now_ms, deadline_ms, now_ms + SPEAK_AFTER_MS};
}

/* The deadline first: the error names who is in the way, and a line that says the same before it is noise. */
enum lock_patience_state lock_patience_at(struct lock_patience *patience, int64_t now_ms)
{
	if (now_ms >= patience->deadline_ms)
		return LOCK_PATIENCE_OVER;
	if (now_ms < patience->speak_at_ms)
		return LOCK_PATIENCE_SILENT;
	/* From now, not from when it was due: looks that the server answers late are not told in a burst. */
	patience->speak_at_ms = now_ms + SPEAK_EVERY_MS;
	return LOCK_PATIENCE_SPEAKS;
}

bool lock_wait_before(struct run *run, const struct step_script *step_script, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct lock_target_list targets = {0};
	struct lock_patience patience = lock_patience_begin(clock_now_ms(), run->lock_deadline_ms);

	if (session_transaction(run->db) == SESSION_IN_TRANSACTION || run->options->is_alone)
		return true;
	for (;;) {
		struct rows *answer = NULL;

		if (!ask_holders(run, OLD_AFTER_MS, &arena, &answer, err))
			return error_context(err, "while looking for old locks");
		const struct rows *holders = keep(run, answer);
		if (rows_count(holders) == 0)
			return true;
		if (targets.count == 0)
			targets = targets_of(step_script, &arena);
		const size_t row = holders_find_blocker(&targets, holders);
		if (row == rows_count(holders) || yields_to_us(run, holders, row))
			return true;
		const int64_t now_ms = clock_now_ms();
		const enum lock_patience_state state = lock_patience_at(&patience, now_ms);
		if (state == LOCK_PATIENCE_OVER)
			return out_of_patience(run, holders, row, &arena, err);
		if (state == LOCK_PATIENCE_SPEAKS)
			speak(run, holders, row, now_ms - patience.began_ms, &arena);
		stop_blocker(run, holders, row);
		if (!clock_sleep_ms(clock_jitter_ms(LOOK_EVERY_MS)))
			return error_set(err, ERROR_CANCELLED, "cancelled");
	}
}

int64_t lock_wait_backoff_ms(int attempts)
{
	int64_t ms = FIRST_BACKOFF_MS;

	for (int i = 1; i < attempts && ms < LONGEST_BACKOFF_MS; i++)
		ms += ms / 2;
	return ms < LONGEST_BACKOFF_MS ? ms : LONGEST_BACKOFF_MS;
}

/* The session that is in the way right now is named, however young its transaction is. */
static bool give_up(struct run *run, const struct step_script *step_script, const struct error *refusal,
                    struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *holders = NULL;
	const struct lock_target_list targets = targets_of(step_script, &arena);
	struct error trouble;

	*err = *refusal;
	err->kind = ERROR_LOCK;
	error_context(err, "after %d tries for the locks of %s", run->attempts + 1, step_name(step_script->step));
	error_hint(err, "Run the same command again when the table is less busy, or raise --lock-wait.");
	if (!ask_holders(run, 0, &arena, &holders, &trouble))
		return false;
	const size_t row = holders_find_blocker(&targets, holders);
	if (row < rows_count(holders))
		error_detail(err, "%s.", holders_describe(holders, row, run->options->locks.show_queries, &arena));
	return false;
}

bool lock_wait_after_refusal(struct run *run, const struct step_script *step_script,
                             const struct error *refusal, struct error *err)
{
	const char *name = step_name(step_script->step);

	if (clock_now_ms() >= run->lock_deadline_ms)
		return give_up(run, step_script, refusal, err);
	run->attempts++;
	run->lock_timeout_ms = run->options->locks.lock_timeout_ms;
	event_debug(run->options->reporter, "%s: %s; trying again", name, refusal->message);
	if (run->attempts == 1)
		event_note(run->options->reporter, "%s could not acquire its locks (%s); rolled back, trying again",
		           name, refusal->message);
	return session_rest(run->db, clock_jitter_ms(lock_wait_backoff_ms(run->attempts)), err) &&
	       lock_wait_before(run, step_script, err);
}
