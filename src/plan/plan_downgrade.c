/*
 * Down is not the reverse of up. The files may be gone or edited, so what is run may be the SQL that the
 * database kept when it applied them; and a way down that ends half-way is worse than none, so every step
 * must be possible before the first is run. plan_downgrade_part() is for those who ask for as much as there
 * is.
 *
 * What has to go is chosen as a set, in terms of the graph: everything applied that builds on the target.
 * The steps are that set against the order. "-N" is the only exception: a count means something only while
 * there is one head, and with two it is refused, unless it takes all.
 *
 * A plan that was begun is finished as it was settled (plan_downgrade_rest, docs/decisions/0013): its
 * versions, and no other. If something that builds on them was applied meanwhile, it stops, since nobody
 * agreed to take that back.
 */
#include <inttypes.h>

#include "plan/advice.h"
#include "plan/refusal.h"
#include "plan/target.h"

/* What one call works on. */
struct descent {
	struct arena *arena;
	struct comparison comparison;
	struct target target;
	const bool *selected; /* what has to go */
	bool is_rest;         /* of steps that were settled before: none of them may stay now */
};

static const char *name_of(const struct descent *descent, size_t i)
{
	return entry_name(&descent->comparison.entries[i], descent->arena);
}

/* --- where to --------------------------------------------------------- */

static bool check_direction(const char *text, enum target_kind kind, struct error *err)
{
	if (kind == TARGET_BASE || kind == TARGET_DOWN_BY || kind == TARGET_MIGRATION)
		return true;
	error_set(err, ERROR_USAGE, "cannot downgrade to \"%s\"", text);
	return error_hint(err, "\"rung upgrade %s\" goes up.", text);
}

static bool check_target_applied(const struct descent *descent, struct error *err)
{
	const struct target *target = &descent->target;

	if (target->kind != TARGET_MIGRATION || descent->comparison.applied[target->entry])
		return true;
	error_set(err, ERROR_USAGE, "cannot downgrade to \"%s\": it is not applied",
	          name_of(descent, target->entry));
	return error_hint(err, "\"rung upgrade %" PRId64 "\" goes up to it.",
	                  descent->comparison.entries[target->entry].number);
}

/* Everything that builds on `i`, but not itself. */
static const bool *above(const struct descent *descent, size_t i)
{
	bool *claims = graph_descendants(&descent->comparison.graph, i, descent->arena);

	claims[i] = false;
	return claims;
}

static bool select_target(struct descent *descent, const char *text, struct error *err)
{
	const char *said = text ? text : "-1";

	if (!target_read(said, &descent->comparison, descent->arena, &descent->target, err) ||
	    !check_direction(said, descent->target.kind, err) || !check_target_applied(descent, err))
		return false;
	descent->selected = descent->target.kind == TARGET_MIGRATION ? above(descent, descent->target.entry)
	                                                             : descent->comparison.applied;
	return true;
}

/* --- the steps -------------------------------------------------------- */

static struct step step_of(const struct comparison_entry *entry)
{
	return (struct step){
	    .action = STEP_ROLLBACK,
	    .migration = entry_prefers_kept_rollback(entry) ? NULL : entry->migration,
	    .record = entry->record,
	};
}

static bool has_rollback_to_run(const struct step *step)
{
	if (!step->migration)
		return step->record->has_rollback;
	return !step->migration->directives.irreversible &&
	       (step->migration->has_rollback || step->record->has_rollback);
}

/* What runs last only runs again when it is edited: where it cannot go it may stay, but for "base". */
static bool is_passed_over(const struct descent *descent, size_t i)
{
	const struct comparison_entry *entry = &descent->comparison.entries[i];
	const struct step step = step_of(entry);

	return descent->target.kind != TARGET_BASE &&
	       descent->comparison.graph.migrations[i].directives.order_last && step.migration &&
	       entry->record->state == RECORD_APPLIED && !has_rollback_to_run(&step);
}

static struct plan steps_of(const struct descent *descent)
{
	const struct comparison *comparison = &descent->comparison;
	struct plan plan = {0};

	for (size_t at = comparison->count; at-- > 0;) {
		const size_t i = comparison->graph.order[at];

		if (!comparison->applied[i] || !descent->selected[i])
			continue;
		if (!descent->is_rest && is_passed_over(descent, i))
			*ARENA_PUSH(descent->arena, plan.passed_over, plan.passed_count) =
			    step_of(&comparison->entries[i]);
		else
			*ARENA_PUSH(descent->arena, plan.steps, plan.count) = step_of(&comparison->entries[i]);
	}
	return plan;
}

static bool several_heads_error(const struct descent *descent, const size_t *heads, size_t count,
                                struct error *err)
{
	error_set(err, ERROR_USAGE,
	          "cannot tell what to roll back: %zu branches are applied, up to \"%s\" and \"%s\"%s", count,
	          name_of(descent, heads[0]), name_of(descent, heads[1]), count > 2 ? " and others" : "");
	return error_hint(err, "Name the migration that stays applied, or \"base\".");
}

static bool cut_to_steps(const struct descent *descent, struct plan *plan, struct error *err)
{
	const struct target *target = &descent->target;
	size_t *heads;

	if (target->kind != TARGET_DOWN_BY)
		return true;
	if (plan->count == 0)
		return error_set(err, ERROR_USAGE, "cannot downgrade: no migration is applied");
	if (target->steps > plan->count) {
		error_set(err, ERROR_USAGE, "cannot roll back %zu: %zu migration%s applied", target->steps,
		          plan->count, plan->count == 1 ? " is" : "s are");
		return error_hint(err, "\"rung downgrade base\" rolls back everything.");
	}
	const size_t count =
	    graph_heads(&descent->comparison.graph, descent->comparison.applied, descent->arena, &heads);
	if (count > 1 && target->steps < plan->count)
		return several_heads_error(descent, heads, count, err);
	plan->count = target->steps;
	return true;
}

/* --- what is in the way ------------------------------------------- */

static void add_partial(struct refusal *refusal, const char *name, const struct comparison_entry *entry)
{
	const struct advice advice = advice_on(DIFFERENCE_PARTIAL, entry, NULL, refusal->arena);

	refusal_add(refusal, arena_printf(refusal->arena, "migration \"%s\" %s", name, advice.text), advice.hint);
}

static void add_irreversible(struct refusal *refusal, const char *name, const struct migration *migration)
{
	refusal_add(refusal,
	            arena_printf(refusal->arena, "migration \"%s\" is irreversible: %s", name,
	                         migration->directives.irreversible),
	            "Stay above it, or restore a backup taken before it.");
}

static void add_without_pair(struct refusal *refusal, const char *name, const struct migration *migration)
{
	refusal_add(refusal, arena_printf(refusal->arena, "migration \"%s\" has no rollback", name),
	            arena_printf(refusal->arena, "Write \"%s\".", migration->shown_rollback_path));
}

static void add_lost(struct refusal *refusal, const char *name, const struct comparison_entry *entry)
{
	const struct advice advice = advice_on(DIFFERENCE_MISSING, entry, NULL, refusal->arena);

	if (entry->number < 1)
		refusal_add(refusal, arena_printf(refusal->arena, "migration \"%s\" %s", name, advice.text),
		            advice.hint);
	else
		refusal_add(refusal,
		            arena_printf(refusal->arena,
		                         "migration \"%s\" is applied, but neither its rollback's file nor a copy "
		                         "in the database exists",
		                         name),
		            "Restore its files from version control.");
}

static void look_at(struct refusal *refusal, const struct step *step)
{
	const struct comparison_entry entry = {step->record->version, step->migration, step->record};
	const char *name = entry_name(&entry, refusal->arena);
	const bool has_kept = step->record->has_rollback;

	if (step->record->state == RECORD_PARTIAL)
		add_partial(refusal, name, &entry);
	else if (step->migration && step->migration->directives.irreversible)
		add_irreversible(refusal, name, step->migration);
	else if (!step->migration && !has_kept)
		add_lost(refusal, name, &entry);
	else if (step->migration && !step->migration->has_rollback && !has_kept)
		add_without_pair(refusal, name, step->migration);
}

static bool check_ways_back(const struct descent *descent, const struct plan *plan, struct error *err)
{
	struct refusal refusal = {.arena = descent->arena};

	for (size_t i = 0; i < plan->count; i++)
		look_at(&refusal, &plan->steps[i]);
	return refusal_check(&refusal, ERROR_FILES, "there is no way down", err);
}

/* The steps, whatever is in their way. */
static bool find_steps(struct descent *descent, const struct tree *tree, const struct history *history,
                       const char *target, struct plan *out, struct error *err)
{
	comparison_build(tree, history, descent->arena, &descent->comparison);
	if (!select_target(descent, target, err))
		return false;
	*out = steps_of(descent);
	return cut_to_steps(descent, out, err);
}

bool plan_downgrade(const struct tree *tree, const struct history *history, const char *target,
                    struct arena *arena, struct plan *out, struct error *err)
{
	struct descent descent = {.arena = arena};
	struct plan plan;

	if (!find_steps(&descent, tree, history, target, &plan, err) || !check_ways_back(&descent, &plan, err))
		return false;
	*out = plan;
	return true;
}

bool plan_downgrade_part(const struct tree *tree, const struct history *history, const char *target,
                         struct arena *arena, struct plan *out, struct error *stop, struct error *err)
{
	struct descent descent = {.arena = arena};
	struct error why = {0};
	struct plan plan;
	size_t count = 0;

	if (!find_steps(&descent, tree, history, target, &plan, err))
		return false;
	while (count < plan.count &&
	       check_ways_back(&descent, &(struct plan){.steps = &plan.steps[count], .count = 1}, &why))
		count++;
	if (count == 0 && !check_ways_back(&descent, &plan, err))
		return false;
	if (count < plan.count)
		*stop = why;
	plan.count = count;
	*out = plan;
	return true;
}

/* --- what is left ----------------------------------------------------- */

static const bool *select_rest(const struct descent *descent, const struct plan *wanted)
{
	const struct comparison *comparison = &descent->comparison;
	bool *claims = arena_array(descent->arena, bool, comparison->count);

	for (size_t i = 0; i < comparison->count; i++)
		claims[i] = plan_find(wanted, comparison->entries[i].number) != NULL;
	return claims;
}

/* Index of something applied that builds on `i` and is not to go with it; the comparison's count for none. */
static size_t find_above(const struct descent *descent, size_t i)
{
	const struct comparison *comparison = &descent->comparison;
	const bool *claims = above(descent, i);
	size_t over = 0;

	while (over < comparison->count && !(claims[over] && comparison->applied[over] &&
	                                     !descent->selected[over] && !is_passed_over(descent, over)))
		over++;
	return over;
}

static bool check_nothing_above(const struct descent *descent, struct error *err)
{
	const struct comparison *comparison = &descent->comparison;

	for (size_t i = 0; i < comparison->count; i++) {
		if (!comparison->applied[i] || !descent->selected[i])
			continue;
		const size_t over = find_above(descent, i);
		if (over == comparison->count)
			continue;
		error_set(err, ERROR_FOUND,
		          "cannot roll back \"%s\": \"%s\", which depends on it, was applied in the meantime",
		          name_of(descent, i), name_of(descent, over));
		return error_hint(err, "Check with \"rung status\", and name the target again.");
	}
	return true;
}

bool plan_downgrade_rest(const struct tree *tree, const struct history *history, const struct plan *wanted,
                         struct arena *arena, struct plan *out, struct error *err)
{
	struct descent descent = {.arena = arena, .is_rest = true};

	comparison_build(tree, history, arena, &descent.comparison);
	descent.selected = select_rest(&descent, wanted);

	const struct plan plan = steps_of(&descent);
	if (!check_nothing_above(&descent, err) || !check_ways_back(&descent, &plan, err))
		return false;
	*out = plan;
	return true;
}
