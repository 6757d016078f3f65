/*
 * The order of a run, and why it is this one.
 *
 * Look first, without a lock: most runs have nothing to do and are over after one question. Then
 * everything that can be known to fail is found (run_inspect.c) and a person is asked, both before the
 * lock, because nobody should wait for somebody who thinks. Under the lock the history is read again: what
 * others did meanwhile counts, and the plan is made anew from it.
 *
 * A connection that is lost costs another attempt with the same goal (losses.c).
 */
#include "apply/migrate.h"

#include "apply/catalog_keeping.h"
#include "apply/drift.h"
#include "apply/lock/deploy_lock.h"
#include "apply/lock/pool.h"
#include "apply/lock/watch.h"
#include "apply/losses.h"
#include "apply/run_internal.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "sql/file_cache.h"

enum { RECONNECT_EVERY_MS = 300 };

/* --- under the lock -------------------------------------------------------- */

static struct migrate_intent intent_of(const struct run *run, const struct plan *plan)
{
	return (struct migrate_intent){
	    .plan = plan,
	    .connection = &run->connection,
	    .author = &run->author,
	    .is_first = run->is_first,
	};
}

/* Once, whatever becomes of the connection afterwards. */
static bool prepare_for(struct run *run, const struct run_plan *planned, struct error *err)
{
	const struct migrate_events *events = run->events;

	run->is_first = planned->history.count == 0;
	const struct migrate_intent intent = intent_of(run, &planned->plan);
	if (events->before && !run->is_begun &&
	    !events->before(&intent, events->context, &run->author.backup, err))
		return false;
	run->is_begun = true;
	return true;
}

/* The lock is ours: what others did meanwhile counts, so look again, unless there are no others. */
static bool work_under_lock(struct run *run, struct arena *arena, struct run_plan *planned, struct error *err)
{
	if (!run->options->is_alone && !run_plan_load(run, arena, planned, err))
		return false;
	if (!run_prepare_history(run, &planned->history, err))
		return false;
	planned->history = run_folded(run, &planned->history, arena);
	if (planned->plan.count == 0)
		return true;
	if (run->events->backs_up && !session_may_idle(run->db, err)) /* the lock lasts as long as a backup */
		return false;
	if (!prepare_for(run, planned, err))
		return false;
	return run_steps(run, &planned->plan, err);
}

/* What the schema is like is read while nobody else is at work, and written with the last that is sent. */
static bool let_go(struct run *run, const struct run_plan *planned, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const bool is_due = catalog_keeping_begin(run, &planned->history);
	struct request request;
	struct error unread = {0};
	struct error unwritten = {0};
	const bool keeps =
	    is_due && catalog_keeping_read(run->db, &run->options->history, &arena, &request, &unread);

	session_rollback(run->db);
	const bool done = deploy_lock_finish(run, &planned->history, &planned->plan, !run_concludes(run),
	                                     keeps ? &request : NULL, &unwritten, err);
	if (done && is_due && (!keeps || unwritten.kind != ERROR_NONE))
		catalog_keeping_warn(run, keeps ? &unwritten : &unread);
	return done;
}

static bool work_direct(struct run *run, struct arena *arena, struct run_plan *planned, struct error *err)
{
	if (!deploy_lock_acquire(run, err))
		return false;
	if (work_under_lock(run, arena, planned, err))
		return let_go(run, planned, err);
	deploy_lock_release(run);
	return false;
}

static bool work_pooled(struct run *run, struct arena *arena, struct run_plan *planned, struct error *err)
{
	const struct history before = planned->history;

	if (planned->plan.count && !prepare_for(run, planned, err))
		return false;
	if (!run_pooled(run, arena, planned, err) ||
	    (run->steps_done > 0 && !deploy_lock_check_plan(run, &run->goal.plan, err)) ||
	    (!run_concludes(run) && !run_finish(run, err)))
		return false;
	if (catalog_keeping_begin(run, &before))
		catalog_keeping_do(run);
	return true;
}

/* Of a relative target: it is reached, and what the caller does then must not fail once the mark is made. */
static bool conclude(struct run *run, const struct migrate_result *result, struct error *err)
{
	const struct migrate_events *events = run->events;

	if (!run_concludes(run))
		return true;
	if (!events->conclude(result, events->context, err))
		return false;
	run->is_concluded = true;
	run->goal.is_reached = true;
	return run_finish(run, err);
}

static void count_steps(const struct run *run, struct migrate_result *out)
{
	/* The answer to some of the steps was lost: what is done is what the goal says, by us or by others. */
	out->steps = run->is_second ? run->goal.plan.count : run->steps_done;
	out->is_continued = run->goal.is_continued;
}

/* Past the pooler when there is a way; the session lock then means something. */
static bool choose_way(struct run *run, struct error *err)
{
	const char *direct_url = run->options->direct_url;

	if (run->pooling == POOLING_NONE || !direct_url)
		return true;
	session_close(&run->db);
	run->connection.conninfo = direct_url;
	run->pooling = POOLING_NONE;
	return session_open(&run->connection, &run->db, err);
}

/* As session_open(); after a loss a server that crashed is given the time to come back. */
static bool connect(struct run *run, struct error *err)
{
	const bool again = run->is_second;
	const int64_t began_ms = clock_now_ms();

	/* When one backend crashes, the server takes a moment to end the others; who connects within it is ended
	 * too. */
	if (again && !clock_sleep_ms(clock_jitter_ms(RECONNECT_EVERY_MS)))
		return interrupt_check(err);
	while (!session_open(&run->connection, &run->db, err))
		if (!again || !losses_may_come_back(err, clock_now_ms() - began_ms))
			return false;
		else if (!clock_sleep_ms(clock_jitter_ms(RECONNECT_EVERY_MS)))
			return interrupt_check(err);
	return true;
}

static bool confirm(struct run *run, const struct plan *plan, struct error *err)
{
	const struct migrate_events *events = run->events;
	const struct migrate_intent intent = intent_of(run, plan);

	if (events->confirm && !run->is_confirmed && !events->confirm(&intent, events->context, err))
		return false;
	run->is_confirmed = true;
	return true;
}

static bool attempt(struct run *run, struct arena *arena, struct migrate_result *out, struct error *err)
{
	struct run_plan planned;

	run->may_wait = true;
	if (!connect(run, err) || !run_plan_load(run, arena, &planned, err))
		return false;
	run->may_wait = false;
	if (planned.plan.count == 0 && !run_needs_tables(run, &planned.history) &&
	    !run_needs_folding(run, &planned.history)) {
		run_describe_head(run->options, &planned.history, out);
		run_say_plan(run, &planned.plan);
		count_steps(run, out);
		return run_concludes(run) ? conclude(run, out, err) : run_finish(run, err);
	}
	if (!pool_detect(run, err) || !run_inspect(run, &planned.plan, err))
		return false;
	if (!drift_check(run, &planned.history, &planned.plan, err))
		return false;
	run_say_plan(run, &planned.plan);
	if (!confirm(run, &planned.plan, err) || !choose_way(run, err))
		return false;
	watch_open(run);
	const bool done = run->pooling == POOLING_TRANSACTION ? work_pooled(run, arena, &planned, err)
	                                                      : work_direct(run, arena, &planned, err);
	watch_close(run);
	/* Somebody else did it all while we waited: the view is the one of our turn. */
	if (done && run->steps_done == 0)
		run_describe_head(run->options, &planned.history, out);
	count_steps(run, out);
	return done && conclude(run, out, err);
}

/* Trying again is all there is to do; after other failures something has to be fixed first. */
static bool passes_by_itself(enum error_kind kind)
{
	return kind == ERROR_SERVER || kind == ERROR_LOCK || kind == ERROR_CANCELLED;
}

/*
 * The same command again continues with the same goal. For a user who types it in another
 * way, or much later, the error names the command with the absolute target.
 */
static bool tell_command(const struct run_goal *goal, size_t steps_done, struct error *err)
{
	const struct error told = *err;

	if (!goal->command || error_exit_code(err->kind) == error_exit_code(ERROR_USAGE) ||
	    (err->kind == ERROR_CANCELLED && steps_done == 0))
		return false;
	return error_state(err, "%s%s%s \"%s\".", told.state, told.state[0] ? " " : "",
	                   passes_by_itself(err->kind) ? "Continue with"
	                                               : "When the cause is fixed, continue with",
	                   goal->command);
}

/* What ends idle connections is in the way, and there is one past it. */
static void go_past(struct run *run, struct losses *losses)
{
	run->connection.conninfo = run->options->direct_url;
	event_warning(
	    run->options->reporter,
	    "the connection was lost twice after about %lld s without traffic; continuing with direct_url",
	    (long long)(losses->silence_ms + 500) / 1000);
	losses->are_alike = false;
}

static enum loss_answer answer_loss(const struct run *run, const struct losses *losses)
{
	const char *direct_url = run->options->direct_url;

	if (interrupt_requested())
		return LOSS_GIVE_UP;
	return losses_answer(losses, direct_url && run->connection.conninfo != direct_url, run->goal.is_reached);
}

bool migrate_run(const struct migrate_options *options, const struct migrate_events *events,
                 struct arena *arena, struct migrate_result *out, struct error *err)
{
	struct run run = run_init(options, events);
	struct losses losses = {.silence_ms = -1};

	*out = (struct migrate_result){0};
	for (;;) {
		scoped_file_cache struct file_cache cache = {0};
		run.cache = &cache;
		const bool done = attempt(&run, arena, out, err);
		const bool was_lost = !done && run.db && !session_is_alive(run.db);
		const size_t steps_done = run.is_second ? run.goal.plan.count : run.steps_done;

		if (was_lost)
			losses_add(&losses, session_silence_ms(run.db));
		run_close(&run);
		run.is_second = losses.count > 0;
		if (done)
			return true;
		const enum loss_answer answer = was_lost ? answer_loss(&run, &losses) : LOSS_GIVE_UP;
		if (answer == LOSS_GO_PAST) {
			go_past(&run, &losses);
			continue;
		}
		if (answer == LOSS_GIVE_UP) {
			if (run.is_second && (err->kind == ERROR_SERVER || !err->state[0]))
				losses_describe(&losses, err);
			return tell_command(&run.goal, steps_done, err);
		}
		event_warning(options->reporter, "%s; connecting again to see what was committed", err->message);
	}
}

static bool work_on_history(struct run *run, locked_work work, void *context, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct locked_history locked = {.db = run->db, .arena = &arena};

	if (!run_load_history(run, HISTORY_TO_RUN, &arena, &locked.history, err) ||
	    !run_prepare_history(run, &locked.history, err) ||
	    !run_load_history(run, HISTORY_TO_RUN, &arena, &locked.history, err) ||
	    !work(run->options, &locked, context, err) ||
	    (run->pooling != POOLING_NONE && !execute(run->db, "COMMIT", NO_PARAMS, err)) ||
	    !deploy_lock_check_claims(run, &locked.claims, err))
		return false;
	if (locked.keeps_catalog && run->options->keeps_catalog)
		catalog_keeping_do(run);
	return true;
}

static bool work_with_lock(struct run *run, locked_work work, void *context, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct history history;

	/* A table that belongs to somebody else, or a standby, is refused before anybody waits. */
	if (!run_load_history(run, HISTORY_TO_RUN, &arena, &history, err))
		return false;
	if (!run_check_primary(run, err) || !pool_detect(run, err) || !choose_way(run, err) ||
	    !deploy_lock_acquire(run, err))
		return false;
	const bool done = work_on_history(run, work, context, err);
	session_rollback(run->db);
	deploy_lock_release(run);
	return done;
}

bool migrate_with_lock(const struct migrate_options *options, locked_work work, void *context,
                       struct error *err)
{
	struct run run = run_init(options, NULL);
	const bool done = session_open(&run.connection, &run.db, err) && work_with_lock(&run, work, context, err);

	run_close(&run);
	return done;
}
