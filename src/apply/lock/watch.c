/*
 * The session that works cannot be asked anything, so another one asks about it, by its pid. It is opened
 * only when a statement takes longer than a second, which most runs never see, and it is a convenience:
 * when it cannot be had, or a query fails, it is given up for the rest of the connection and nothing else
 * changes.
 *
 * It runs inside the wait of the working session, in the same thread. So it must not take long: 2 s for
 * connecting, two looks a second, and queries that only read views of statistics and locks. A thread of
 * its own would need locks around everything that reports.
 *
 * Behind a transaction pooler it stays closed, because the pid that is known there is not that of the
 * backend at work.
 *
 * Blockers are stopped from here too, where that was asked for: CREATE INDEX CONCURRENTLY waits for old
 * transactions without any timeout, inside one statement, and lock_wait.c has no turn meanwhile.
 */
#include "apply/lock/watch.h"

#include <stdlib.h>
#include <string.h>

#include "apply/lock/blocker.h"
#include "base/clock.h"
#include "pg/query.h"

enum { OPEN_AFTER_MS = 1000, LOOK_EVERY_MS = 500, CONNECT_PATIENCE_MS = 2000 };

struct watch {
	struct run *run;
	struct session_hooks hooks;
	struct session *session; /* NULL until something takes long */
	bool is_blind;           /* no second connection could be had */
	int64_t looked_at_ms;
	const char *subject;
	bool is_reapplied; /* the subject is: what the server skips may be what was edited */
};

/* The columns of watch.sql, and of watch_copy.sql. */
enum {
	WATCH_WHAT,
	WATCH_PID,
	WATCH_USER,
	WATCH_APPLICATION,
	WATCH_STATE,
	WATCH_AGE_MS,
	WATCH_TOTAL,
	WATCH_QUERY,
	WATCH_MAY_BE_STOPPED,
};

static void tell_blocker(struct watch *watch, const struct rows *rows, size_t row, int64_t waited_ms,
                         struct arena *arena)
{
	const char *text =
	    arena_printf(arena, "blocked by pid %s (user %s, application \"%s\", %s, transaction open for %s)",
	                 rows_text(rows, row, WATCH_PID), rows_text(rows, row, WATCH_USER),
	                 rows_text(rows, row, WATCH_APPLICATION), rows_text(rows, row, WATCH_STATE),
	                 duration_text(arena, rows_number(rows, row, WATCH_AGE_MS)));

	if (watch->run->options->locks.show_queries)
		text = arena_printf(arena, "%s: %s", text, rows_text(rows, row, WATCH_QUERY));
	event_waiting(watch->run->options->reporter, watch->subject, text, waited_ms);
}

/* Who holds what we wait for may be made to let go, the oldest first. */
static bool stop_blocker(struct watch *watch, const struct rows *rows, size_t row)
{
	const struct blocker blocker = {
	    .pid = (int)rows_number(rows, row, WATCH_PID),
	    .state = rows_text(rows, row, WATCH_STATE),
	    .age_ms = rows_number(rows, row, WATCH_AGE_MS),
	};

	return rows_flag(rows, row, WATCH_MAY_BE_STOPPED) && blocker_stop(watch->run, watch->session, &blocker);
}

static void tell_progress(struct watch *watch, const struct rows *rows, size_t row, int64_t waited_ms,
                          struct arena *arena)
{
	const int64_t done = rows_number(rows, row, WATCH_AGE_MS);
	const int64_t total = rows_number(rows, row, WATCH_TOTAL);
	const char *table = rows_text(rows, row, WATCH_APPLICATION);
	const char *text = arena_printf(arena, "%s on %s: %s", rows_text(rows, row, WATCH_WHAT),
	                                table ? table : "?", rows_text(rows, row, WATCH_USER));

	event_progress(watch->run->options->reporter, watch->subject, text, waited_ms,
	               total > 0 ? (double)done / (double)total : -1, -1);
}

/* One is stopped at a time: with the oldest gone the others may not be in the way any more. */
static bool tell_rows(struct watch *watch, const char *sql, int64_t waited_ms)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	struct error trouble;
	const char *pid = arena_printf(&arena, "%d", session_backend_pid(watch->run->db));

	if (!query(watch->session, sql, PARAMS(pid), &rows, &trouble)) {
		watch->is_blind = true;
		return false;
	}
	bool has_stopped = false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		if (strcmp(rows_text(rows, i, WATCH_WHAT), "blocked") != 0) {
			tell_progress(watch, rows, i, waited_ms, &arena);
			continue;
		}
		tell_blocker(watch, rows, i, waited_ms, &arena);
		has_stopped = has_stopped || stop_blocker(watch, rows, i);
	}
	return rows_count(rows) > 0;
}

static bool open_eyes(struct watch *watch)
{
	struct session_options options = watch->run->connection;
	struct error trouble;

	if (watch->session)
		return true;
	options.connect_timeout_ms = CONNECT_PATIENCE_MS;
	options.role = NULL;
	watch->is_blind = !session_open(&options, &watch->session, &trouble);
	if (watch->is_blind)
		event_debug(watch->run->options->reporter, "no second connection to watch with: %s", trouble.message);
	return !watch->is_blind;
}

static void on_waiting(void *context, int64_t waited_ms)
{
	struct watch *watch = context;
	const int64_t now_ms = clock_now_ms();

	if (waited_ms < OPEN_AFTER_MS || watch->is_blind || now_ms - watch->looked_at_ms < LOOK_EVERY_MS)
		return;
	watch->looked_at_ms = now_ms;
	if (!open_eyes(watch))
		return;
	bool told = tell_rows(watch, SQL_lock_watch, waited_ms);
	if (!told && !watch->is_blind && session_server_version(watch->session) >= 140000)
		told = tell_rows(watch, SQL_lock_watch_copy, waited_ms);
	if (!told)
		event_progress(watch->run->options->reporter, watch->subject, "running", waited_ms, -1, -1);
}

static void on_notice(void *context, const struct notice *notice)
{
	const struct watch *watch = context;

	event_notice(watch->run->options->reporter, notice->severity, watch->subject, notice->message,
	             watch->is_reapplied);
}

void watch_open(struct run *run)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return;
	watch->run = run;
	watch->hooks = (struct session_hooks){on_notice, on_waiting, watch};
	/* Behind a pooler the number we know is not the backend that works. */
	watch->is_blind = run->pooling == POOLING_TRANSACTION;
	run->watch = watch;
	session_set_hooks(run->db, &watch->hooks);
}

void watch_close(struct run *run)
{
	if (!run->watch)
		return;
	session_set_hooks(run->db, NULL);
	session_close(&run->watch->session);
	free(run->watch);
	run->watch = NULL;
}

void watch_subject(struct run *run, const struct step *step)
{
	if (!run->watch)
		return;
	run->watch->subject = step_name(step);
	run->watch->is_reapplied = step_runs_again(step);
}
