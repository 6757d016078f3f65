#include "apply/climb.h"

#include <assert.h>
#include <string.h>

#include "apply/flight.h"
#include "apply/lookout.h"
#include "apply/plain.h"
#include "apply/pool.h"
#include "apply/turn.h"
#include "apply/watch.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "migration/inspection.h"
#include "migration/repeat.h"

enum { RECONNECT_FOR_MS = 10000, RECONNECT_EVERY_MS = 300 };

/* --- looking ---------------------------------------------------------- */

static bool make_plan(struct climb *climb, const char *target, const struct history *history,
                      struct arena *arena, struct plan *plan, struct error *err)
{
	switch (climb->direction) {
	case CLIMB_UP:
		return plan_upgrade(climb->tree, history, target, &climb->plan_options, arena, plan, err);
	case CLIMB_DOWN:
		return plan_downgrade(climb->tree, history, target, arena, plan, err);
	}
	return false;
}

struct view {
	struct history history;
	struct plan plan;
};

static bool step_is_settled(const struct step *step, const struct history *history)
{
	const struct record *record = NULL;

	for (size_t i = 0; i < history->count && !record; i++)
		if (history->records[i].version == step_version(step))
			record = &history->records[i];
	switch (step->action) {
	case STEP_APPLY:
	case STEP_RESUME:
		return record && record->state == RECORD_APPLIED;
	case STEP_REAPPLY:
		return record && record->checksum && strcmp(record->checksum, step->migration->checksum) == 0;
	case STEP_ROLLBACK:
		return !record;
	}
	return false;
}

/* Others, or we before the connection was lost, may have done some of it meanwhile, and gone further. */
static size_t count_left(const struct plan *wanted, const struct history *history)
{
	size_t left = 0;

	for (size_t i = 0; i < wanted->count; i++)
		left += !step_is_settled(&wanted->steps[i], history);
	return left;
}

static bool is_relative(const struct climb *climb, char sign)
{
	return climb->target ? climb->target[0] == sign : sign == '-' && climb->direction == CLIMB_DOWN;
}

/*
 * "+2" and "-1" mean what they meant when they were first looked at: not two
 * more, or one less, each time we look again.
 */
static bool plan_what_is_left(struct run *run, size_t left, struct arena *arena, struct view *view,
                              struct error *err)
{
	struct climb *climb = run->climb;
	const char *target = is_relative(climb, '+') ? arena_printf(arena, "+%zu", left) : climb->target;

	if (is_relative(climb, '-'))
		return plan_downgrade_rest(climb->tree, &view->history, &run->wanted, arena, &view->plan, err);
	return make_plan(climb, target, &view->history, arena, &view->plan, err);
}

/* Once it is known what is wanted, what is left of it; else what there is to do. */
static bool look(struct run *run, struct arena *arena, struct view *out, struct error *err)
{
	struct climb *climb = run->climb;
	struct view view = {0};

	if (!history_load(run->db, &climb->history, arena, &view.history, &run->facts, err))
		return false;
	const size_t left = count_left(&run->wanted, &view.history);
	if (run->wanted.count == 0) {
		if (!make_plan(climb, climb->target, &view.history, arena, &view.plan, err))
			return false;
	} else if (left > 0 && !plan_what_is_left(run, left, arena, &view, err)) {
		return false;
	}
	*out = view;
	return true;
}

static void describe_head(const struct history *history, struct climb_result *out)
{
	if (history->count == 0)
		return;
	const struct record *newest = &history->records[history->count - 1];
	out->head = newest->version;
	out->head_name = newest->name ? newest->name : newest->description;
}

bool climb_plan(struct climb *climb, struct arena *arena, struct plan *plan, struct history *history,
                struct error *err)
{
	scoped_session struct session *db = NULL;
	struct run run = {.climb = climb};
	struct view view;

	if (!session_open(&climb->connection, &db, err))
		return false;
	run.db = db;
	if (!look(&run, arena, &view, err))
		return false;
	*plan = view.plan;
	*history = view.history;
	return true;
}

/* --- one leg: from the first step that is left ------------------------- */

/* A passage that did not arrive, and why; settled by whoever sees it. */
struct mishap {
	struct passage *passage;
	struct error error;
};

static void mishap_clear(struct mishap *mishap)
{
	passage_close(&mishap->passage);
}

static void say_step(struct run *run, const struct step *step, enum event_kind kind, int64_t duration_ms)
{
	event_emit(run->climb->reporter, &(struct event){
	                                     .kind = kind,
	                                     .action = step_action_name(step->action),
	                                     .version = step_version(step),
	                                     .name = step_name(step),
	                                     .duration_ms = duration_ms,
	                                     .fraction = -1,
	                                     .count = -1,
	                                 });
}

static bool can_fly(const struct passage *passage)
{
	return passage->mode == MODE_TRANSACTIONAL && !passage->has_data;
}

/* A step that must be on the ground: one with data to copy, or a plain one. */
static bool run_on_ground(struct run *run, struct passage *passage, struct error *err)
{
	const int64_t began_ms = clock_now_ms();

	say_step(run, passage->step, EVENT_STEP_BEGIN, -1);
	watch_subject(run, step_name(passage->step));
	if (passage->mode == MODE_PLAIN ? !plain_run(run, passage, err) : !passage_run(run, passage, err))
		return false;
	run_arrived(run);
	say_step(run, passage->step, EVENT_STEP_DONE, clock_now_ms() - began_ms);
	return true;
}

static bool land(struct flight **flight, struct mishap *mishap)
{
	const bool landed = flight_land(*flight, &mishap->passage, &mishap->error);

	flight_close(flight);
	return landed;
}

static struct passage_ends ends_of(const struct run *run, const struct plan *plan, size_t index)
{
	const bool is_last = index + 1 == plan->count;

	if (run->climb->single_transaction)
		return (struct passage_ends){index == 0, is_last, COMMIT_DURABLE};
	return (struct passage_ends){true, true, is_last ? COMMIT_DURABLE : COMMIT_ASYNCHRONOUS};
}

/*
 * Puts passages into a flight as long as they can fly. Ends with the flight
 * landed and, in `*grounded`, the passage that could not board, if any.
 */
static bool fly(struct run *run, const struct plan *plan, size_t *index, struct passage **grounded,
                struct mishap *mishap)
{
	scoped_flight struct flight *flight = NULL;

	while (*index < plan->count && !interrupt_requested()) {
		scoped_passage struct passage *passage = NULL;

		if (flight && passage_must_ask(&plan->steps[*index]))
			break;
		if (!passage_open(run, &plan->steps[*index], &passage, &mishap->error)) {
			const struct error trouble = mishap->error;

			/* What is on its way still arrives; then this one is what failed. */
			if (flight && !land(&flight, mishap))
				return false;
			mishap->error = trouble;
			return false;
		}
		if (passage->mode == MODE_TRANSACTIONAL)
			passage_plan(run, passage, ends_of(run, plan, *index));
		if (!can_fly(passage)) {
			*grounded = TAKE(passage);
			break;
		}
		if (flight && !lookout_is_clear(run, passage) && !land(&flight, mishap))
			return false;
		if (!flight &&
		    (!lookout_wait(run, passage, &mishap->error) || !flight_open(run, &flight, &mishap->error)))
			return false;
		++*index;
		if (!flight_board(flight, &passage, &mishap->error))
			break;
	}
	return !flight || land(&flight, mishap);
}

static bool run_leg(struct run *run, const struct plan *plan, struct mishap *mishap)
{
	size_t index = run->climb->single_transaction ? 0 : run->steps_done;

	while (index < plan->count) {
		struct passage *grounded = NULL;

		if (!interrupt_check(&mishap->error) || !fly(run, plan, &index, &grounded, mishap)) {
			passage_close(&grounded);
			return false;
		}
		if (!grounded)
			continue;
		if (grounded->mode == MODE_PLAIN && run->climb->single_transaction) {
			error_set(&mishap->error, ERROR_FILES, "\"%s\" cannot run in a single transaction",
			          step_name(grounded->step));
			passage_close(&grounded);
			return false;
		}
		if ((grounded->mode == MODE_TRANSACTIONAL && !lookout_wait(run, grounded, &mishap->error)) ||
		    !run_on_ground(run, grounded, &mishap->error)) {
			mishap->passage = grounded;
			return false;
		}
		passage_close(&grounded);
		index++;
	}
	return true;
}

/* --- all steps, with retries for locks --------------------------------- */

static void describe_state(const struct run *run, const struct plan *plan, struct error *err)
{
	const size_t done = run->steps_done;

	if (err->state[0] || err->kind == ERROR_SERVER)
		return;
	if (run->climb->single_transaction || done == 0)
		error_state(err, "The database is as it was before; nothing was changed.");
	else
		error_state(
		    err, "%zu of %zu steps are done and recorded, the last of them \"%s\"; nothing of this one is.",
		    done, plan->count, step_name(&plan->steps[done - 1]));
}

static bool give_up(struct run *run, const struct plan *plan, struct mishap *mishap, struct error *err)
{
	const bool was_plain = mishap->passage && mishap->passage->mode == MODE_PLAIN;

	*err = mishap->error;
	describe_state(run, plan, err);
	if (mishap->passage) {
		/* With the line lost nobody knows yet whether it failed. */
		if (err->kind != ERROR_SERVER)
			say_step(run, mishap->passage->step, EVENT_STEP_FAILED, -1);
		if (!was_plain && err->kind != ERROR_SERVER)
			run_log_failure(run, mishap->passage->step, err);
	}
	return false;
}

/* A file may throw away all prepared statements, ours among them (DEALLOCATE ALL): then we do without. */
static bool has_lost_prepared(struct run *run, const struct mishap *mishap)
{
	if (!run->is_prepared || strcmp(mishap->error.sqlstate, "26000") != 0 || mishap->error.place[0])
		return false;
	run->is_prepared = false;
	run->avoids_prepared = true;
	return true;
}

static bool run_steps(struct run *run, const struct plan *plan, struct error *err)
{
	run->lock_timeout_ms = run->climb->locks.lock_timeout_ms;
	run->lock_deadline_ms = clock_now_ms() + run->climb->locks.lock_wait_ms;
	for (;;) {
		SCOPED(mishap_clear) struct mishap mishap = {0};

		if (run_leg(run, plan, &mishap))
			return true;
		session_rollback(run->db);
		if (run->climb->single_transaction)
			run->steps_done = 0;
		if (has_lost_prepared(run, &mishap) || run_forgoes_client_check(run, &mishap.error))
			continue;
		if (!mishap.passage || mishap.passage->mode == MODE_PLAIN || !run_may_try_again(&mishap.error))
			return give_up(run, plan, &mishap, err);
		if (!lookout_after_refusal(run, mishap.passage, &mishap.error, &mishap.error))
			return give_up(run, plan, &mishap, err);
	}
}

/* --- the tables of history ---------------------------------------------- */

/* Rows that people wrote by hand meet their files. */
static bool fill_adopted(struct run *run, const struct history *history, struct error *err)
{
	for (size_t i = 0; i < history->count; i++) {
		scoped_arena struct arena arena = {0};
		const struct record *record = &history->records[i];
		const struct migration *migration = tree_find_number(run->climb->tree, record->version);

		if (record->checksum || !migration)
			continue;
		struct way_back way_back;
		if (!way_back_load(migration, &arena, &way_back, err))
			return false;
		const struct record_facts facts = {
		    .version = record->version,
		    .name = migration->name,
		    .checksum = migration->checksum,
		    .rollback_sql = way_back.sql,
		    .rollback_checksum = way_back.checksum,
		};
		const struct request request = history_agree(&run->climb->history, &facts, &arena);
		if (!request_run(run->db, &request, err))
			return error_context(err, "while adopting %s", migration->name);
	}
	return true;
}

static bool prepare_history(struct run *run, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct log_entry entry = {.action = "adopt", .outcome = "done", .duration_ms = 0};

	if (history->exists && !history->is_adopted)
		return true;
	if (!history_prepare(run->db, &run->climb->history, err))
		return false;
	if (!history->is_adopted)
		return true;
	event_note(run->climb->reporter, "adopted the table \"%s.%s\" with %zu rows", run->climb->history.schema,
	           run->climb->history.name, history->count);
	const struct request request =
	    history_log(&run->climb->history, &run->climb->author, &entry, COMMIT_AS_CONFIGURED, &arena);
	return fill_adopted(run, history, err) && request_run(run->db, &request, err);
}

/* --- behind a transaction pooler: a turn per step ----------------------- */

static bool refuse_plain(const struct passage *passage, struct error *err)
{
	error_set(err, ERROR_CONFIG, "\"%s\" cannot run behind a transaction pooler", step_name(passage->step));
	error_detail(
	    err, "It holds statements that refuse transactions, and without a transaction the pooler may give "
	         "every statement another backend.");
	return error_hint(err, "Give a connection past the pooler with --direct-url.");
}

/*
 * One step under the transaction's lock: what there is to do is planned anew
 * each time, because between two turns others may have climbed.
 */
static bool pooled_step(struct run *run, struct arena *arena, bool *is_finished, struct error *err)
{
	scoped_passage struct passage *passage = NULL;
	struct view view;

	if (!turn_take(run, err) || !look(run, arena, &view, err))
		return false;
	*is_finished = view.plan.count == 0;
	if (*is_finished) {
		session_rollback(run->db);
		return true;
	}
	if (!passage_open(run, &view.plan.steps[0], &passage, err))
		return false;
	if (passage->mode == MODE_PLAIN)
		return refuse_plain(passage, err);
	passage_plan(run, passage, (struct passage_ends){false, true, COMMIT_DURABLE});
	if (run_on_ground(run, passage, err))
		return true;
	session_rollback(run->db);
	if (run_forgoes_client_check(run, err))
		return true;
	if (run_may_try_again(err))
		return lookout_after_refusal(run, passage, err, err);
	run_log_failure(run, passage->step, err);
	return false;
}

static bool pooled_prepare(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct history history;

	return turn_take(run, err) &&
	       history_load(run->db, &run->climb->history, &arena, &history, &run->facts, err) &&
	       prepare_history(run, &history, err) && execute(run->db, "COMMIT", NO_PARAMS, err);
}

static bool run_pooled(struct run *run, const struct view *view, struct error *err)
{
	const bool needs_tables = !view->history.exists || view->history.is_adopted;
	/* A relative target such as "+2" means what it meant at the start. */
	const size_t wanted = view->plan.count;
	bool is_finished = false;

	run->lock_timeout_ms = run->climb->locks.lock_timeout_ms;
	run->lock_deadline_ms = clock_now_ms() + run->climb->locks.lock_wait_ms;
	if (needs_tables && !pooled_prepare(run, err))
		return false;
	while (!is_finished && run->steps_done < wanted) {
		scoped_arena struct arena arena = {0};

		if (!pooled_step(run, &arena, &is_finished, err)) {
			session_rollback(run->db);
			describe_state(run, &view->plan, err);
			return false;
		}
	}
	return true;
}

/* --- under the lock ----------------------------------------------------- */

static bool refuse_standby(struct error *err)
{
	error_set(err, ERROR_SERVER, "the server is a standby and cannot be changed");
	return error_hint(
	    err, "Connect to the primary; with several hosts in the URL add target_session_attrs=read-write.");
}

/* Once, whatever becomes of the connection afterwards. */
static bool prepare_for(struct run *run, const struct plan *plan, struct error *err)
{
	struct climb *climb = run->climb;

	if (climb->before && !climb->before(climb, plan, climb->context, err))
		return false;
	climb->before = NULL;
	return true;
}

/* The lock is ours: what others did meanwhile counts, so look again. */
static bool work_in_turn(struct run *run, struct arena *arena, struct view *view, struct error *err)
{
	if (!look(run, arena, view, err))
		return false;
	if (!prepare_history(run, &view->history, err))
		return false;
	if (view->plan.count == 0)
		return true;
	if (!prepare_for(run, &view->plan, err))
		return false;
	return run_steps(run, &view->plan, err);
}

static bool work_direct(struct run *run, struct arena *arena, struct view *view, struct error *err)
{
	if (!turn_take(run, err))
		return false;
	const bool done = work_in_turn(run, arena, view, err);
	turn_give_back(run);
	return done;
}

static bool work_pooled(struct run *run, struct view *view, struct error *err)
{
	struct climb *climb = run->climb;

	if (climb->single_transaction)
		return error_set(err, ERROR_CONFIG, "--single-transaction does not work behind a transaction pooler");
	if (view->plan.count && !prepare_for(run, &view->plan, err))
		return false;
	return run_pooled(run, view, err);
}

/* Past the pooler when there is a way; the session lock then means something. */
static bool choose_way(struct run *run, struct error *err)
{
	struct climb *climb = run->climb;

	if (!pool_detect(run, err))
		return false;
	if (run->pooling == POOLING_NONE || !climb->direct_url)
		return true;
	session_close(&run->db);
	climb->connection.conninfo = climb->direct_url;
	run->pooling = POOLING_NONE;
	return session_open(&climb->connection, &run->db, err);
}

/* An edited file that runs over what it made must be written so that it can. */
static bool may_run_again(const struct step *step, const struct script_options *options, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};

	if (step->action != STEP_REAPPLY)
		return true;
	assert(step->migration);
	return script_load(step->migration->path, options, &arena, &script, err) && repeat_check(&script, err);
}

/* Every file of the plan is read as it will run, so that what cannot work is known before anything does. */
static bool inspect(const struct run *run, const struct plan *plan, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct script_options options = passage_script_options(run, &arena);
	struct tree findings = *run->climb->tree;

	findings.findings = NULL;
	findings.finding_count = 0;
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].migration)
			migration_inspect(&findings, plan->steps[i].migration, &options, &arena);
	if (!tree_check(&findings, err))
		return false;
	for (size_t i = 0; i < findings.finding_count; i++)
		event_warning(run->climb->reporter, "%s; %s", findings.findings[i].message,
		              findings.findings[i].hint);
	for (size_t i = 0; i < plan->count; i++)
		if (!may_run_again(&plan->steps[i], &options, err))
			return false;
	return true;
}

/* As session_open(); after a loss a server that crashed is given the time to come back. */
static bool connect(struct run *run, bool again, struct error *err)
{
	const int64_t deadline_ms = clock_now_ms() + (again ? RECONNECT_FOR_MS : 0);

	/* When one backend crashes, the server takes a moment to end the others; who connects within it is ended
	 * too. */
	if (again && !clock_sleep_ms(clock_jitter_ms(RECONNECT_EVERY_MS)))
		return interrupt_check(err);
	while (!session_open(&run->climb->connection, &run->db, err))
		if (err->kind != ERROR_SERVER || clock_now_ms() >= deadline_ms ||
		    !clock_sleep_ms(clock_jitter_ms(RECONNECT_EVERY_MS)))
			return false;
	return true;
}

static bool confirm(struct climb *climb, const struct plan *plan, struct error *err)
{
	if (climb->confirm && !climb->confirm(climb, plan, climb->context, err))
		return false;
	climb->confirm = NULL;
	return true;
}

static bool attempt(struct run *run, bool again, struct arena *arena, struct climb_result *out,
                    struct error *err)
{
	struct climb *climb = run->climb;
	struct view view;

	if (!connect(run, again, err) || !look(run, arena, &view, err))
		return false;
	if (view.plan.count == 0 && !view.history.is_adopted) {
		describe_head(&view.history, out);
		return true;
	}
	if (run->facts.is_read_only)
		return refuse_standby(err);
	if (!inspect(run, &view.plan, err))
		return false;
	if (run->wanted.count == 0)
		run->wanted = view.plan;
	if (!confirm(climb, &view.plan, err) || !choose_way(run, err))
		return false;
	watch_open(run);
	const bool done = run->pooling == POOLING_TRANSACTION ? work_pooled(run, &view, err)
	                                                      : work_direct(run, arena, &view, err);
	watch_close(run);
	/* Somebody else did it all while we waited: the view is the one of our turn. */
	if (done && run->steps_done == 0)
		describe_head(&view.history, out);
	return done;
}

static void run_close(struct run *run)
{
	watch_close(run);
	rows_clear(&run->old_holders);
	session_close(&run->db);
}

static bool describe_loss(struct error *err)
{
	return error_state(err,
	                   "What was committed is recorded, the rest was not done. Run the same command again to "
	                   "finish it.");
}

/*
 * A lost connection leaves the outcome of the last COMMIT unknown. The server
 * knows: connect once more, look what is recorded, and go on from there. The
 * old backend still holds the deployers' lock until it is really gone, so the
 * two never work at the same time.
 */
bool climb_run(struct climb *climb, struct arena *arena, struct climb_result *out, struct error *err)
{
	struct plan wanted = {0};
	size_t steps_done = 0;

	*out = (struct climb_result){0};
	for (bool is_second = false;; is_second = true) {
		struct run run = {.climb = climb, .wanted = wanted};
		const bool done = attempt(&run, is_second, arena, out, err);
		const bool was_lost = !done && run.db && !session_is_alive(run.db);

		wanted = run.wanted;
		steps_done += run.steps_done;
		run_close(&run);
		if (done) {
			out->steps = steps_done;
			return true;
		}
		if (!was_lost || is_second || interrupt_requested())
			return (is_second || was_lost) && err->kind == ERROR_SERVER ? describe_loss(err) : false;
		event_warning(climb->reporter, "%s; connecting again to see what was committed", err->message);
	}
}

static bool work_at_desk(struct run *run, climb_work work, void *context, struct error *err)
{
	struct climb *climb = run->climb;
	scoped_arena struct arena arena = {0};
	struct climb_desk desk = {.db = run->db, .arena = &arena};

	return history_load(run->db, &climb->history, &arena, &desk.history, &run->facts, err) &&
	       prepare_history(run, &desk.history, err) &&
	       history_load(run->db, &climb->history, &arena, &desk.history, &run->facts, err) &&
	       work(climb, &desk, context, err) &&
	       (run->pooling == POOLING_NONE || execute(run->db, "COMMIT", NO_PARAMS, err));
}

static bool work_with_lock(struct run *run, climb_work work, void *context, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct history history;

	/* A table that belongs to somebody else, or a standby, is refused before anybody waits. */
	if (!history_load(run->db, &run->climb->history, &arena, &history, &run->facts, err))
		return false;
	if (run->facts.is_read_only)
		return refuse_standby(err);
	if (!choose_way(run, err) || !turn_take(run, err))
		return false;
	const bool done = work_at_desk(run, work, context, err);
	session_rollback(run->db);
	turn_give_back(run);
	return done;
}

bool climb_with_lock(struct climb *climb, climb_work work, void *context, struct error *err)
{
	struct run run = {.climb = climb};
	const bool done =
	    session_open(&climb->connection, &run.db, err) && work_with_lock(&run, work, context, err);

	run_close(&run);
	return done;
}
