/*
 * What runs after all others is no place in the line, so that a target may leave it out. Who is used to
 * other tools, where such files always run, is told by name: left in silence it would be missed much later.
 */
#include "apply/run_internal.h"
#include "base/buffer.h"
#include "base/clock.h"

static void say_continued(const struct run *run, size_t left, struct arena *arena)
{
	const struct run_record *record = &run->goal.record;

	if (run->goal.is_continued)
		event_note(run->options->reporter,
		           "finishing \"%s %s\" from %s to %s, begun %s by %s on %s: %zu of %zu steps left",
		           record->command, record->target, record->from, record->to,
		           moment_shown(record->begun_at, arena), record->begun_by, record->host, left,
		           run->goal.plan.count);
}

static const char *names_of(const struct plan *plan, struct arena *arena)
{
	enum { MOST_NAMED = 8 };
	struct buffer names = {.arena = arena};

	for (size_t i = 0; i < plan->passed_count && i < MOST_NAMED; i++)
		buffer_printf(&names, "%s\"%s\"", i ? ", " : "", step_name(&plan->passed_over[i]));
	if (plan->passed_count > MOST_NAMED)
		buffer_printf(&names, " and %zu more", plan->passed_count - MOST_NAMED);
	return buffer_cstr(&names);
}

const char *run_passed_over(const struct migrate_options *options, const struct plan *plan,
                            struct arena *arena)
{
	const bool is_one = plan->passed_count == 1;

	if (plan->passed_count == 0 || options->resumes)
		return NULL;
	if (options->direction == DIRECTION_UP)
		return arena_printf(arena, "%s, which run%s after all others, %s left to \"rung upgrade\"",
		                    names_of(plan, arena), is_one ? "s" : "", is_one ? "is" : "are");
	return arena_printf(arena,
	                    "%s, which run%s after all others, stay%s applied: there is no rollback for %s",
	                    names_of(plan, arena), is_one ? "s" : "", is_one ? "s" : "", is_one ? "it" : "them");
}

void run_say_plan(const struct run *run, const struct plan *plan)
{
	scoped_arena struct arena arena = {0};
	const char *passed_over = run_passed_over(run->options, plan, &arena);

	say_continued(run, plan->count, &arena);
	if (passed_over)
		event_note(run->options->reporter, "%s", passed_over);
}
