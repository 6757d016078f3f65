#include "apply/climb_parts.h"
#include "apply/lookout.h"
#include "apply/turn.h"
#include "base/clock.h"

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

	if (!turn_take(run, err) || !climb_look(run, arena, &view, err))
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
	passage_plan(run, passage,
	             (struct passage_ends){.commits = true,
	                                   .notes_run = run->steps_done == 0 && !run->is_recorded,
	                                   .commit = COMMIT_DURABLE});
	if (climb_on_ground(run, passage, err))
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
	       climb_prepare_history(run, &history, err) && execute(run->db, "COMMIT", NO_PARAMS, err);
}

bool climb_pooled(struct run *run, const struct view *view, struct error *err)
{
	const bool needs_tables = !view->history.exists || climb_needs_tables(run, &view->history);
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
			climb_describe_state(run, &view->plan, err);
			return false;
		}
	}
	return climb_check_whole(run, is_finished ? run->steps_done : wanted, err);
}
