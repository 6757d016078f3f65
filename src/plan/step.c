/*
 * A step's number is its migration's, or, where the file has gone, its record's: a rollback is possible
 * without a file. One of the two is always there.
 *
 * Whether it is settled is asked where a run is continued that another process began: so it is told by
 * what the history says, and not by what anybody remembers of sending it.
 */
#include <string.h>

#include "plan/plan.h"

int64_t step_version(const struct step *step)
{
	return step->migration ? step->migration->number : step->record->version;
}

const struct step *plan_find(const struct plan *plan, int64_t version)
{
	for (size_t i = 0; i < plan->count; i++)
		if (step_version(&plan->steps[i]) == version)
			return &plan->steps[i];
	return NULL;
}

bool step_is_settled(const struct step *step, const struct history *history)
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
	case STEP_CONVERGE:
		return record && record->checksum && step->migration &&
		       strcmp(record->checksum, step->migration->checksum) == 0;
	case STEP_ROLLBACK:
		return !record;
	}
	return false;
}

static const char *const action_names[] = {
    [STEP_APPLY] = "apply",   [STEP_REAPPLY] = "reapply",   [STEP_CONVERGE] = "converge",
    [STEP_RESUME] = "resume", [STEP_ROLLBACK] = "rollback",
};

const char *step_action_name(enum step_action action)
{
	return action_names[action];
}

bool step_runs_again(const struct step *step)
{
	return step->action == STEP_REAPPLY || step->action == STEP_CONVERGE;
}

const char *step_breaking(const struct step *step)
{
	return step->action != STEP_ROLLBACK && step->migration ? step->migration->directives.breaking : NULL;
}

const char *step_name(const struct step *step)
{
	if (step->migration)
		return step->migration->name;
	return step->record->name ? step->record->name : step->record->description;
}
