/*
 * What survives a lost connection is listed in run_close() and nowhere else: everything that is not
 * copied there is forgotten. Goal and answers survive, since the command still means the same and a
 * person is not asked twice. What was seen of the server does not: the next connection may reach another
 * one, or another state.
 *
 * Errors are told apart by SQLSTATE, because messages are translated. The one name that is looked for in
 * a message is that of a setting, which no language changes.
 *
 * A failure is logged in a transaction of its own, after the rollback. That it could not be logged is a
 * warning: the error that led here is what the reader needs.
 */
#include "apply/run.h"

#include <string.h>

#include "apply/lock/watch.h"
#include "base/clock.h"
#include "history/run_record.h"

bool run_meets_code(const struct run *run)
{
	return run->facts.has_code_everywhere || run->meets_code;
}

struct run run_init(const struct migrate_options *options, const struct migrate_events *events)
{
	static const struct migrate_events none = {0};

	return (struct run){
	    .options = options,
	    .events = events ? events : &none,
	    .connection = options->connection,
	    .author = options->author,
	};
}

void run_close(struct run *run)
{
	watch_close(run);
	rows_clear(&run->old_holders);
	session_close(&run->db);
	*run = (struct run){
	    .options = run->options,
	    .events = run->events,
	    .connection = run->connection,
	    .author = run->author,
	    .goal = run->goal,
	    .is_confirmed = run->is_confirmed,
	    .is_begun = run->is_begun,
	    .is_concluded = run->is_concluded,
	    .is_first = run->is_first,
	    .is_compared = run->is_compared,
	    .is_second = run->is_second,
	    .stop = run->stop,
	};
}

struct step_limits run_limits(const struct run *run, const struct migration *migration)
{
	struct step_limits limits = {run->lock_timeout_ms, run->options->locks.statement_timeout_ms};

	if (migration && migration->directives.lock_timeout_ms >= 0)
		limits.lock_timeout_ms = migration->directives.lock_timeout_ms;
	if (migration && migration->directives.statement_timeout_ms >= 0)
		limits.statement_timeout_ms = migration->directives.statement_timeout_ms;
	return limits;
}

const char *milliseconds_text(struct arena *arena, int64_t ms)
{
	return ms < 0 ? NULL : arena_printf(arena, "%lld", (long long)ms);
}

struct request run_begin_request(const struct run *run, struct arena *arena)
{
	return run_record_begin(&run->options->history, &run->author, &run->goal.record, arena);
}

void run_arrived(struct run *run)
{
	run->steps_done++;
	run->attempts = 0;
	run->lock_deadline_ms = clock_now_ms() + run->options->locks.lock_wait_ms;
}

bool run_may_try_again(const struct error *err)
{
	static const char *const codes[] = {
	    "55P03", /* lock_not_available */
	    "40P01", /* deadlock_detected */
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (err->kind == ERROR_SQL && strcmp(err->sqlstate, codes[i]) == 0)
			return true;
	return false;
}

bool run_forgoes_client_check(struct run *run, const struct error *err)
{
	if (run->forgoes_client_check || err->kind != ERROR_SQL || err->place[0] ||
	    strcmp(err->sqlstate, "22023") != 0 || !strstr(err->message, "client_connection_check_interval"))
		return false;
	run->forgoes_client_check = true;
	return true;
}

/* A role that is taken for each transaction is not there outside of one. */
bool run_by_itself(struct session *db, const struct request *request, struct error *err)
{
	if (!session_role_is_local(db))
		return request_run(db, request, err);
	if (session_begin(db, "BEGIN", err) && request_run(db, request, err) &&
	    execute(db, "COMMIT", NO_PARAMS, err))
		return true;
	session_rollback(db);
	return false;
}

void run_log_failure(struct run *run, const struct step *step, const struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct error trouble;
	const struct log_entry entry = {
	    .action = step_action_name(step->action),
	    .outcome = err->kind == ERROR_PARTIAL ? "partial" : "failed",
	    .version = step_version(step),
	    .name = step_name(step),
	    .checksum = step->migration ? step->migration->checksum : NULL,
	    .sqlstate = err->sqlstate[0] ? err->sqlstate : NULL,
	    .error = err->message,
	    .duration_ms = -1,
	};
	const struct request request =
	    history_log(&run->options->history, &run->author, &entry, COMMIT_AS_CONFIGURED, &arena);

	session_unwind(run->db);
	if (session_is_alive(run->db) && !run_by_itself(run->db, &request, &trouble))
		event_warning(run->options->reporter, "the failure could not be logged: %s", trouble.message);
}

void run_say_step(const struct run *run, const struct step *step, enum event_kind phase, int64_t duration_ms)
{
	struct event event =
	    event_of_step(phase, step_action_name(step->action), step_version(step), step_name(step));

	event.duration_ms = duration_ms;
	event_emit(run->options->reporter, &event);
}
