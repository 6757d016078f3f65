/*
 * Behind a transaction pooler a lock of the session means nothing: two clients can both get it, and it
 * may stay behind with the backend. So each step takes the lock inside its own transaction, and because
 * others may run between two of ours, each reads the history and plans anew. Two deployers then
 * alternate, file by file.
 *
 * There is no pipeline here: what the next step is depends on what is found under the lock. Every commit
 * is durable, since nobody knows whether another one of ours follows.
 *
 * A relative target was resolved before the first step. Without that "+2" would count two more from
 * whatever others have done.
 *
 * Plain files are refused: their statements commit one by one, and no transaction's lock covers them all.
 */
#include "apply/lock/deploy_lock.h"
#include "apply/lock/lock_wait.h"
#include "apply/run_internal.h"
#include "apply/step/session_restore.h"
#include "base/clock.h"

/*
 * One step under the transaction's lock: what there is to do is planned anew
 * each time, because between two steps others may have run. `*left` is how
 * many steps that are.
 */
static bool pooled_step(struct run *run, struct arena *arena, size_t *left, struct error *err)
{
	scoped_step_script struct step_script *step_script = NULL;
	struct run_plan planned;

	if (!deploy_lock_acquire(run, err) || !run_plan_load(run, arena, &planned, err))
		return false;
	*left = planned.plan.count;
	if (*left == 0) {
		session_rollback(run->db);
		return true;
	}
	if (!step_script_open(run, &planned.plan.steps[0], &step_script, err))
		return false;
	if (step_script->mode == MODE_NONTRANSACTIONAL)
		return run_refuse_nontransactional(step_script->step, err);
	if (step_script->mode == MODE_OWN_TRANSACTION)
		return run_refuse_own_transaction(step_script->step, err);
	if (!step_script_converge(run, step_script, err))
		return false;
	step_script_plan(run, step_script,
	                 (struct step_script_ends){.commits = true,
	                                           .notes_run = run->steps_done == 0 && !run->is_recorded,
	                                           .commit = COMMIT_DURABLE});
	if (run_step_by_message(run, step_script, err))
		return true;
	session_restore_undo(run, step_script);
	if (run_forgoes_client_check(run, err) || session_restore_learns(run, err))
		return true;
	if (run_may_try_again(err))
		return lock_wait_after_refusal(run, step_script, err, err);
	run_log_failure(run, step_script->step, err);
	return false;
}

/* Tables first, in a transaction of their own: the step's transaction has to find them. */
static bool pooled_prepare(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct history history;

	return deploy_lock_acquire(run, err) && run_load_history(run, HISTORY_TO_RUN, &arena, &history, err) &&
	       run_prepare_history(run, &history, err) && execute(run->db, "COMMIT", NO_PARAMS, err);
}

/*
 * Some of the plan may be the work of others, and is done all the same. Whose
 * lock was waited for in vain has said that nothing was changed, of its own turn.
 */
static void describe_state(const struct plan *plan, size_t left, struct error *err)
{
	const size_t done = plan->count > left ? plan->count - left : 0;

	if (err->kind == ERROR_SERVER || (done == 0 && err->state[0]))
		return;
	if (done == 0)
		error_state(err, "The database is as it was before; nothing was changed.");
	else
		error_state(err,
		            "%zu of %zu steps are done and recorded, the last of them \"%s\"; the current one was "
		            "rolled back.",
		            done, plan->count, step_name(&plan->steps[done - 1]));
}

static bool run_in_turn(struct run *run, const struct plan *plan, struct error *err)
{
	/* A relative target such as "+2" means what it meant at the start. */
	size_t left = plan->count;

	while (left > 0 && run->steps_done < plan->count) {
		scoped_arena struct arena arena = {0};
		const size_t done_before = run->steps_done;

		if (!pooled_step(run, &arena, &left, err)) {
			session_rollback(run->db);
			describe_state(plan, left, err);
			return false;
		}
		left -= run->steps_done - done_before;
	}
	return run_check_whole(run, left > 0 ? plan->count : run->steps_done, err);
}

bool run_pooled(struct run *run, struct arena *arena, struct run_plan *planned, struct error *err)
{
	const bool needs_tables = !planned->history.exists || run_needs_tables(run, &planned->history) ||
	                          run_needs_folding(run, &planned->history);

	run->lock_timeout_ms = run->options->locks.lock_timeout_ms;
	run->lock_deadline_ms = clock_now_ms() + run->options->locks.lock_wait_ms;
	if ((needs_tables && !pooled_prepare(run, err)) || !run_in_turn(run, &planned->plan, err))
		return false;
	/* Others did it all while we waited: how things are is what there is to tell. */
	return run->steps_done > 0 || run_plan_load(run, arena, planned, err);
}
