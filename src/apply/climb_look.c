#include <string.h>

#include "apply/climb_parts.h"

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

bool climb_look(struct run *run, struct arena *arena, struct view *out, struct error *err)
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

void climb_describe_head(const struct history *history, struct climb_result *out)
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
	if (!climb_look(&run, arena, &view, err))
		return false;
	*plan = view.plan;
	*history = view.history;
	return true;
}
