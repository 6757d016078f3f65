/*
 * A plan is made of differences (comparison.h): each kind is either a step, an obstacle or neither, and
 * both decisions are tables in effect, is_in_the_way() and steps_of(). Some stop every run, as they say
 * that files and history are not of one project; others only when the target takes them along, so that an
 * old problem on another branch stops nobody.
 *
 * All obstacles are told at once, each with its way out.
 *
 * Half-done migrations are resumed before anything else, in any order of numbers. They hold part of a
 * change, and what comes after may build on the whole of it.
 *
 * "head" and "+N" need one line to mean something; with several heads they are refused, but not when
 * nothing is left to do, since a deployment that runs again must then succeed.
 */
#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "plan/advice.h"
#include "plan/refusal.h"
#include "plan/target.h"

/* What one call works on. */
struct upgrade_planning {
	const struct plan_options *options;
	struct arena *arena;
	struct comparison comparison;
	struct target target;
	bool *selected; /* what the target takes with it */
};

static const char *name_of(const struct upgrade_planning *planning, size_t i)
{
	return entry_name(&planning->comparison.entries[i], planning->arena);
}

/* --- what is in the way ------------------------------------------- */

static void add(struct refusal *refusal, const struct upgrade_planning *planning, size_t i,
                enum difference_kind kind)
{
	const struct advice advice =
	    advice_on(kind, &planning->comparison.entries[i], &planning->comparison, refusal->arena);

	refusal_add(refusal,
	            arena_printf(refusal->arena, "migration \"%s\" %s", name_of(planning, i), advice.text),
	            advice.hint);
}

/* Whether the difference stops this run: some do so only where the target takes them with it. */
static bool is_in_the_way(const struct upgrade_planning *planning, size_t i, enum difference_kind kind)
{
	switch (kind) {
	case DIFFERENCE_EDITED:
	case DIFFERENCE_MISSING:
	case DIFFERENCE_UNWINDING:
	case DIFFERENCE_UNFOLDABLE:
	case DIFFERENCE_SQUASHED:
		return comparison_tells(&planning->comparison, i, kind);
	case DIFFERENCE_RENAMED:
		return entry_is_other_file(&planning->comparison.entries[i]);
	case DIFFERENCE_OUT_OF_ORDER:
		return planning->selected[i] && !planning->options->allow_out_of_order;
	case DIFFERENCE_PARTIAL:
		return !planning->selected[i];
	case DIFFERENCE_PENDING:
	case DIFFERENCE_REAPPLICABLE:
	case DIFFERENCE_FOLDABLE:
		break;
	}
	return false;
}

static void look_at(struct refusal *refusal, const struct upgrade_planning *planning, size_t i)
{
	enum difference_kind kind;

	if (comparison_difference(&planning->comparison, i, planning->options, &kind) &&
	    is_in_the_way(planning, i, kind))
		add(refusal, planning, i, kind);
}

static bool check_agreement(const struct upgrade_planning *planning, struct error *err)
{
	struct refusal refusal = {.arena = planning->arena};

	for (size_t i = 0; i < planning->comparison.count; i++)
		look_at(&refusal, planning, i);
	return refusal_check(&refusal, ERROR_FOUND, "files and history disagree", err);
}

/* --- where to --------------------------------------------------------- */

static bool check_direction(const char *text, enum target_kind kind, struct error *err)
{
	if (kind != TARGET_BASE && kind != TARGET_DOWN_BY)
		return true;
	error_set(err, ERROR_USAGE, "cannot upgrade to \"%s\"", text);
	return error_hint(err, "\"rung downgrade %s\" goes down.", text);
}

static bool select_target(struct upgrade_planning *planning, const char *text, struct error *err)
{
	const char *said = text ? text : "head";

	if (!target_read(said, &planning->comparison, planning->arena, &planning->target, err) ||
	    !check_direction(said, planning->target.kind, err))
		return false;
	if (planning->target.kind == TARGET_MIGRATION) {
		planning->selected =
		    graph_ancestors(&planning->comparison.graph, planning->target.entry, planning->arena);
		return true;
	}
	planning->selected = arena_array(planning->arena, bool, planning->comparison.count);
	for (size_t i = 0; i < planning->comparison.count; i++)
		planning->selected[i] = true;
	return true;
}

static bool check_not_behind(const struct upgrade_planning *planning, struct error *err)
{
	const struct comparison *comparison = &planning->comparison;
	const size_t target = planning->target.entry;

	if (planning->target.kind != TARGET_MIGRATION || !comparison->applied[target] ||
	    !comparison->below[target])
		return true;
	error_set(err, ERROR_USAGE, "cannot upgrade to \"%s\": the database is at \"%s\" already",
	          name_of(planning, target), comparison_newest_name(comparison, planning->arena));
	return error_hint(err, "\"rung downgrade %" PRId64 "\" goes down to it.",
	                  comparison->entries[target].number);
}

static bool several_heads_error(const struct upgrade_planning *planning, const size_t *heads, size_t count,
                                struct error *err)
{
	struct buffer names = {.arena = planning->arena};
	const struct migration *first = &planning->comparison.graph.migrations[heads[0]];

	for (size_t i = 0; i < count; i++)
		buffer_printf(&names, "%s\"%s\"", item_joint(i, count), name_of(planning, heads[i]));
	error_set(err, ERROR_USAGE, "there are %zu heads, %s", count, buffer_cstr(&names));
	return error_hint(err,
	                  "Say which one, as in \"rung upgrade %s@head\"; apply all of them with \"rung upgrade "
	                  "heads\"; or join "
	                  "them with \"rung merge\".",
	                  first->directives.branch ? first->directives.branch : "trunk");
}

/* "head" and "+N" mean something only on a single line; where nothing is left to do they do no harm. */
static bool check_single_head(const struct upgrade_planning *planning, const struct plan *plan,
                              struct error *err)
{
	const enum target_kind kind = planning->target.kind;
	size_t *heads;

	if (plan->count == 0 || (kind != TARGET_HEAD && kind != TARGET_UP_BY))
		return true;
	const size_t count =
	    graph_heads(&planning->comparison.graph, planning->selected, planning->arena, &heads);
	return count <= 1 ? true : several_heads_error(planning, heads, count, err);
}

/* --- the steps -------------------------------------------------------- */

/* Whether `i` differs in the way that makes it a step, be it selected or not. */
static bool is_due(const struct upgrade_planning *planning, enum difference_kind wanted, size_t i)
{
	enum difference_kind kind;

	return comparison_difference(&planning->comparison, i, planning->options, &kind) && kind == wanted;
}

static void add_steps(const struct upgrade_planning *planning, enum difference_kind wanted,
                      enum step_action action, size_t i, struct plan *plan)
{
	const struct comparison_entry *entry = &planning->comparison.entries[i];
	const struct step step = {.action = action, .migration = entry->migration, .record = entry->record};

	if (!is_due(planning, wanted, i))
		return;
	if (planning->selected[i])
		*ARENA_PUSH(planning->arena, plan->steps, plan->count) = step;
	else if (planning->comparison.graph.migrations[i].directives.order_last)
		*ARENA_PUSH(planning->arena, plan->passed_over, plan->passed_count) = step;
}

static enum step_action again_action(const struct upgrade_planning *planning, size_t i)
{
	const struct directives *directives = &planning->comparison.graph.migrations[i].directives;

	return directives_on_change(directives, planning->options->on_change) == ON_CHANGE_CONVERGE
	           ? STEP_CONVERGE
	           : STEP_REAPPLY;
}

static struct plan steps_of(const struct upgrade_planning *planning)
{
	const size_t *order = planning->comparison.graph.order;
	struct plan plan = {0};

	for (size_t at = 0; at < planning->comparison.count; at++)
		add_steps(planning, DIFFERENCE_PARTIAL, STEP_RESUME, order[at], &plan);
	for (size_t at = 0; at < planning->comparison.count; at++) {
		add_steps(planning, DIFFERENCE_PENDING, STEP_APPLY, order[at], &plan);
		add_steps(planning, DIFFERENCE_OUT_OF_ORDER, STEP_APPLY, order[at], &plan);
		add_steps(planning, DIFFERENCE_REAPPLICABLE, again_action(planning, order[at]), order[at], &plan);
	}
	return plan;
}

static bool cut_to_steps(const struct target *target, struct plan *plan, struct error *err)
{
	if (target->kind != TARGET_UP_BY)
		return true;
	if (target->steps > plan->count) {
		error_set(err, ERROR_USAGE, "cannot apply %zu: %zu migration%s pending", target->steps, plan->count,
		          plan->count == 1 ? " is" : "s are");
		return error_hint(err, "\"rung upgrade\" without a target applies whatever is pending.");
	}
	plan->count = target->steps;
	return true;
}

static struct plan steps_in(const struct upgrade_planning *planning, const struct plan *all,
                            const struct plan *wanted)
{
	struct plan plan = {0};

	for (size_t i = 0; i < all->count; i++)
		if (plan_find(wanted, step_version(&all->steps[i])))
			*ARENA_PUSH(planning->arena, plan.steps, plan.count) = all->steps[i];
	return plan;
}

static bool check_all_found(const struct plan *wanted, const struct plan *found,
                            const struct history *history, struct error *err)
{
	for (size_t i = 0; i < wanted->count; i++) {
		const int64_t version = step_version(&wanted->steps[i]);

		if (plan_find(found, version) || step_is_settled(&wanted->steps[i], history))
			continue;
		error_set(err, ERROR_FOUND,
		          "cannot finish the unfinished run: no pending migration has number %" PRId64, version);
		return error_hint(err, "See \"rung status\". --new starts from where the database is now.");
	}
	return true;
}

bool plan_upgrade_rest(const struct tree *tree, const struct history *history, const struct plan *wanted,
                       const struct plan_options *options, struct arena *arena, struct plan *out,
                       struct error *err)
{
	struct upgrade_planning planning = {.options = options, .arena = arena};

	comparison_build(tree, history, arena, &planning.comparison);
	if (!select_target(&planning, "heads", err) || !check_agreement(&planning, err))
		return false;

	const struct plan all = steps_of(&planning);
	const struct plan plan = steps_in(&planning, &all, wanted);
	if (!check_all_found(wanted, &plan, history, err))
		return false;
	*out = plan;
	return true;
}

bool plan_upgrade(const struct tree *tree, const struct history *history, const char *target,
                  const struct plan_options *options, struct arena *arena, struct plan *out,
                  struct error *err)
{
	struct upgrade_planning planning = {.options = options, .arena = arena};

	comparison_build(tree, history, arena, &planning.comparison);
	if (!select_target(&planning, target, err) || !check_not_behind(&planning, err) ||
	    !check_agreement(&planning, err))
		return false;

	struct plan plan = steps_of(&planning);
	if (!check_single_head(&planning, &plan, err) || !cut_to_steps(&planning.target, &plan, err))
		return false;
	*out = plan;
	return true;
}
