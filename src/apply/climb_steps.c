#include <string.h>

#include "apply/climb_parts.h"
#include "apply/flight.h"
#include "apply/lookout.h"
#include "apply/plain.h"
#include "apply/session_restore.h"
#include "apply/watch.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "history/run_record.h"

/* --- one leg: from the first step that is left ----------------------------- */

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

/* In a flight nothing but COMMIT ends what was prepared before BEGIN, and that may have been a query. */
static bool can_fly(const struct passage *passage)
{
	return passage->mode == MODE_TRANSACTIONAL && !passage->has_data && !passage->asks_strings;
}

/* A plain migration commits as it goes: what the run sets out to do is written before it. */
static bool note_run(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request request = run_begin_request(run, &arena);

	if (run->is_recorded || run->steps_done > 0)
		return true;
	run->is_recorded = request_run(run->db, &request, err);
	return run->is_recorded;
}

bool climb_on_ground(struct run *run, struct passage *passage, struct error *err)
{
	const int64_t began_ms = clock_now_ms();

	say_step(run, passage->step, EVENT_STEP_BEGIN, -1);
	watch_subject(run, passage->step);
	if (passage->mode == MODE_PLAIN && !note_run(run, err))
		return false;
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
	const bool is_single = run->climb->single_transaction;

	return (struct passage_ends){
	    .begins = !is_single || index == 0,
	    .commits = !is_single || is_last,
	    .notes_run = index == 0 && !run->is_recorded,
	    .commit = is_single || is_last ? COMMIT_DURABLE : COMMIT_ASYNCHRONOUS,
	};
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
		if (passage->mode != MODE_PLAIN)
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
		/* Why not is remembered by the flight, and told when it lands. */
		if (!flight_board(flight, &passage, &mishap->error))
			return land(&flight, mishap);
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
		if ((grounded->mode != MODE_PLAIN && !lookout_wait(run, grounded, &mishap->error)) ||
		    !climb_on_ground(run, grounded, &mishap->error)) {
			mishap->passage = grounded;
			return false;
		}
		passage_close(&grounded);
		index++;
	}
	return true;
}

/* --- all steps, with retries for locks ------------------------------------- */

void climb_describe_state(const struct run *run, const struct plan *plan, struct error *err)
{
	const size_t done = run->steps_done;
	const bool says_nothing_ran = error_exit_code(err->kind) == error_exit_code(ERROR_FILES);

	/* A file that cannot be used is told from one that failed after others were applied. */
	if (says_nothing_ran && !run->climb->single_transaction && (done > 0 || run->is_second))
		err->kind = ERROR_SQL;
	if (err->state[0] || err->kind == ERROR_SERVER || run->is_second)
		return;
	if (run->climb->single_transaction || done == 0)
		error_state(err, "The database is as it was before; nothing was changed.");
	else
		error_state(err,
		            "%zu of %zu steps are done and recorded, the last of them \"%s\"; the current one was "
		            "rolled back.",
		            done, plan->count, step_name(&plan->steps[done - 1]));
}

static bool give_up(struct run *run, const struct plan *plan, struct mishap *mishap, struct error *err)
{
	const bool was_plain = mishap->passage && mishap->passage->mode == MODE_PLAIN;

	*err = mishap->error;
	climb_describe_state(run, plan, err);
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

bool climb_finish(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request request = run_record_finish(&run->climb->history, run->goal.record.id, &arena);

	if (!run->goal.record.id || (run->steps_done == 0 && !run->is_recorded) || run->facts.is_read_only)
		return true;
	return run_by_itself(run->db, &request, err) || error_state(err, "All steps are done and recorded.");
}

bool climb_check_whole(const struct run *run, size_t planned, struct error *err)
{
	const bool is_idle = session_transaction(run->db) == SESSION_IDLE;

	if (run->steps_done == planned && is_idle)
		return true;
	error_set(err, ERROR_PARTIAL, "%zu of %zu planned steps were done, and %s transaction is open",
	          run->steps_done, planned, is_idle ? "no" : "a");
	error_hint(err, "This is a defect of rung; please report it.");
	return error_state(err, "What is open is rolled back. \"rung status\" shows what is recorded.");
}

bool climb_steps(struct run *run, const struct plan *plan, struct error *err)
{
	run->lock_timeout_ms = run->climb->locks.lock_timeout_ms;
	run->lock_deadline_ms = clock_now_ms() + run->climb->locks.lock_wait_ms;
	for (;;) {
		SCOPED(mishap_clear) struct mishap mishap = {0};

		if (run_leg(run, plan, &mishap))
			return climb_check_whole(run, plan->count, err);
		session_restore_undo(run, mishap.passage);
		if (run->climb->single_transaction)
			run->steps_done = 0;
		if (has_lost_prepared(run, &mishap) || run_forgoes_client_check(run, &mishap.error) ||
		    session_restore_learns(run, &mishap.error))
			continue;
		if (!mishap.passage || mishap.passage->mode == MODE_PLAIN || !run_may_try_again(&mishap.error))
			return give_up(run, plan, &mishap, err);
		if (!lookout_after_refusal(run, mishap.passage, &mishap.error, &mishap.error))
			return give_up(run, plan, &mishap, err);
	}
}
