/*
 * How the steps of a plan reach the server: in pipelines as long as they can, and one by one where they
 * cannot (COPY needs both directions; what no transaction can hold needs a journal).
 *
 * Steps are opened and sent in the order of the plan, and a pipeline is ended before anything that is not
 * sent through it, so that the order on the server is the order of the plan. The commit of the last step
 * is the durable one: an asynchronous commit is made durable by any later commit that waits, so success is
 * said once for all of them. A step that was refused a lock, or met a deadlock, is run again from its
 * first statement; what came before it is committed and stays.
 */
#include <string.h>

#include "apply/lock/lock_wait.h"
#include "apply/lock/watch.h"
#include "apply/nontransactional/nontransactional.h"
#include "apply/pipeline_run.h"
#include "apply/run_internal.h"
#include "apply/step/session_restore.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "history/run_record.h"

/* --- one leg: from the first step that is left ----------------------------- */

/* A step that was not done, and why; handled by the code that sees it. */
struct step_failure {
	struct step_script *step_script;
	struct error error;
};

static void step_failure_clear(struct step_failure *step_failure)
{
	step_script_close(&step_failure->step_script);
}

/* In a pipeline nothing but COMMIT ends what was prepared before BEGIN, and that may have been a query. */
static bool fits_pipeline(const struct step_script *step_script)
{
	return step_script->mode == MODE_TRANSACTIONAL && !step_script->has_data && !step_script->asks_strings &&
	       !step_script->convergence.sql;
}

/* A nontransactional migration commits as it goes: what the run sets out to do is written before it. */
static bool note_run(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request request = run_begin_request(run, &arena);

	if (run->is_recorded || run->steps_done > 0)
		return true;
	run->is_recorded = request_run(run->db, &request, err);
	return run->is_recorded;
}

bool run_step_by_message(struct run *run, struct step_script *step_script, struct error *err)
{
	const int64_t began_ms = clock_now_ms();

	run_say_step(run, step_script->step, EVENT_STEP_BEGIN, -1);
	watch_subject(run, step_script->step);
	if (step_script->mode == MODE_NONTRANSACTIONAL && !note_run(run, err))
		return false;
	if (step_script->mode == MODE_NONTRANSACTIONAL ? !nontransactional_run(run, step_script, err)
	                                               : !step_script_run(run, step_script, err))
		return false;
	run_arrived(run);
	run_say_step(run, step_script->step, EVENT_STEP_DONE, clock_now_ms() - began_ms);
	return true;
}

static bool end_pipeline(struct pipeline_run **pipeline_run, struct step_failure *step_failure)
{
	const bool landed = pipeline_run_finish(*pipeline_run, &step_failure->step_script, &step_failure->error);

	pipeline_run_close(pipeline_run);
	return landed;
}

static struct step_script_ends ends_of(const struct run *run, const struct plan *plan, size_t index)
{
	const bool is_last = index + 1 == plan->count;
	const bool is_single = run->options->single_transaction;

	return (struct step_script_ends){
	    .begins = !is_single || index == 0,
	    .commits = !is_single || is_last,
	    .notes_run = index == 0 && !run->is_recorded,
	    .commit = is_single || is_last ? COMMIT_DURABLE : COMMIT_ASYNCHRONOUS,
	};
}

/*
 * Adds steps to a pipeline as long as it can carry them. Ends with the pipeline
 * finished and, in `*held_back`, the script that it cannot carry, if any.
 */
static bool fill_pipeline(struct run *run, const struct plan *plan, size_t *index,
                          struct step_script **held_back, struct step_failure *step_failure)
{
	scoped_pipeline_run struct pipeline_run *pipeline_run = NULL;

	while (*index < plan->count && !interrupt_requested()) {
		scoped_step_script struct step_script *step_script = NULL;

		if (pipeline_run &&
		    (step_script_must_ask(&plan->steps[*index]) || plan->steps[*index].action == STEP_CONVERGE))
			break;
		if (!step_script_open(run, &plan->steps[*index], &step_script, &step_failure->error) ||
		    !step_script_converge(run, step_script, &step_failure->error)) {
			const struct error trouble = step_failure->error;

			/* What is on its way still arrives; then this one is what failed. */
			if (pipeline_run && !end_pipeline(&pipeline_run, step_failure))
				return false;
			step_failure->error = trouble;
			return false;
		}
		if (step_script->mode != MODE_NONTRANSACTIONAL)
			step_script_plan(run, step_script, ends_of(run, plan, *index));
		if (!fits_pipeline(step_script)) {
			*held_back = TAKE(step_script);
			break;
		}
		if (pipeline_run && !lock_wait_is_clear(run, step_script) &&
		    !end_pipeline(&pipeline_run, step_failure))
			return false;
		if (!pipeline_run && (!lock_wait_before(run, step_script, &step_failure->error) ||
		                      !pipeline_run_open(run, &pipeline_run, &step_failure->error)))
			return false;
		++*index;
		/* Why not is remembered by the pipeline, and told at its end. */
		if (!pipeline_run_add(pipeline_run, &step_script, &step_failure->error))
			return end_pipeline(&pipeline_run, step_failure);
	}
	return !pipeline_run || end_pipeline(&pipeline_run, step_failure);
}

static bool run_leg(struct run *run, const struct plan *plan, struct step_failure *step_failure)
{
	size_t index = run->options->single_transaction ? 0 : run->steps_done;

	while (index < plan->count) {
		struct step_script *held_back = NULL;

		if (!interrupt_check(&step_failure->error) ||
		    !fill_pipeline(run, plan, &index, &held_back, step_failure)) {
			step_script_close(&held_back);
			return false;
		}
		if (!held_back)
			continue;
		if (held_back->mode == MODE_NONTRANSACTIONAL && run->options->single_transaction) {
			error_set(&step_failure->error, ERROR_FILES, "\"%s\" cannot run in a single transaction",
			          step_name(held_back->step));
			step_script_close(&held_back);
			return false;
		}
		if ((held_back->mode != MODE_NONTRANSACTIONAL &&
		     !lock_wait_before(run, held_back, &step_failure->error)) ||
		    !run_step_by_message(run, held_back, &step_failure->error)) {
			step_failure->step_script = held_back;
			return false;
		}
		step_script_close(&held_back);
		index++;
	}
	return true;
}

/* --- all steps, with retries for locks ------------------------------------- */

void run_describe_state(const struct run *run, const struct plan *plan, struct error *err)
{
	const size_t done = run->steps_done;
	const bool says_nothing_ran = error_exit_code(err->kind) == error_exit_code(ERROR_FILES);

	/* A file that cannot be used is told from one that failed after others were applied. */
	if (says_nothing_ran && !run->options->single_transaction && (done > 0 || run->is_second))
		err->kind = ERROR_SQL;
	if (err->state[0] || err->kind == ERROR_SERVER || run->is_second)
		return;
	if (run->options->single_transaction || done == 0)
		error_state(err, "The database is as it was before; nothing was changed.");
	else
		error_state(err,
		            "%zu of %zu steps are done and recorded, the last of them \"%s\"; the current one was "
		            "rolled back.",
		            done, plan->count, step_name(&plan->steps[done - 1]));
}

static bool give_up(struct run *run, const struct plan *plan, struct step_failure *step_failure,
                    struct error *err)
{
	const bool was_nontransactional =
	    step_failure->step_script && step_failure->step_script->mode == MODE_NONTRANSACTIONAL;

	*err = step_failure->error;
	run_describe_state(run, plan, err);
	if (step_failure->step_script) {
		/* With the line lost nobody knows yet whether it failed. */
		if (err->kind != ERROR_SERVER)
			run_say_step(run, step_failure->step_script->step, EVENT_STEP_FAILED, -1);
		if (!was_nontransactional && err->kind != ERROR_SERVER)
			run_log_failure(run, step_failure->step_script->step, err);
	}
	return false;
}

/* A file may throw away all prepared statements, ours among them (DEALLOCATE ALL): then we do without. */
static bool has_lost_prepared(struct run *run, const struct step_failure *step_failure)
{
	if (run->avoids_prepared || strcmp(step_failure->error.sqlstate, "26000") != 0 ||
	    step_failure->error.place[0])
		return false;
	run->is_prepared = false;
	run->avoids_prepared = true;
	return true;
}

bool run_finish(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request request = run_record_finish(&run->options->history, run->goal.record.id, &arena);

	if (!run->goal.record.id || (run->steps_done == 0 && !run->is_recorded) || run->facts.is_read_only)
		return true;
	return run_by_itself(run->db, &request, err) || error_state(err, "All steps are done and recorded.");
}

bool run_check_whole(const struct run *run, size_t planned, struct error *err)
{
	const bool is_idle = session_transaction(run->db) == SESSION_IDLE;

	if (run->steps_done == planned && is_idle)
		return true;
	error_set(err, ERROR_PARTIAL, "%zu of %zu planned steps were done, and %s transaction is open",
	          run->steps_done, planned, is_idle ? "no" : "a");
	error_hint(err, "This is a defect of rung; please report it.");
	return error_state(err, "The open transaction is rolled back. \"rung status\" shows what is recorded.");
}

bool run_steps(struct run *run, const struct plan *plan, struct error *err)
{
	run->lock_timeout_ms = run->options->locks.lock_timeout_ms;
	run->lock_deadline_ms = clock_now_ms() + run->options->locks.lock_wait_ms;
	for (;;) {
		SCOPED(step_failure_clear) struct step_failure step_failure = {0};

		if (run_leg(run, plan, &step_failure))
			return run_check_whole(run, plan->count, err);
		session_restore_undo(run, step_failure.step_script);
		if (run->options->single_transaction)
			run->steps_done = 0;
		if (has_lost_prepared(run, &step_failure) || run_forgoes_client_check(run, &step_failure.error) ||
		    session_restore_learns(run, &step_failure.error))
			continue;
		if (!step_failure.step_script || step_failure.step_script->mode == MODE_NONTRANSACTIONAL ||
		    !run_may_try_again(&step_failure.error))
			return give_up(run, plan, &step_failure, err);
		if (!lock_wait_after_refusal(run, step_failure.step_script, &step_failure.error, &step_failure.error))
			return give_up(run, plan, &step_failure, err);
	}
}
