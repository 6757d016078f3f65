/*
 * The steps in their order. Every object of either side gets a node and a fate before the first statement is
 * written, as a statement for one may depend on what becomes of another (a constraint that goes into CREATE
 * TABLE).
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* Values that enums got in this part, which it cannot use. */
struct added_values {
	const char **items;
	size_t count;
};

static bool uses_any(const struct added_values *values, const struct plan_statement *statement)
{
	for (size_t i = 0; !statement->adds_value && i < values->count; i++)
		if (strstr(statement->public.sql, values->items[i]))
			return true;
	return false;
}

/* The part of each statement, in their order. */
static size_t *part_numbers(struct change_plan *plan)
{
	size_t *parts = arena_array(plan->arena, size_t, plan->statement_count + 1);
	struct added_values added = {0};
	size_t part = 0;
	bool is_over = false;

	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct plan_statement *statement = &plan->statements[plan->order[i]];
		struct change_node *node = statement->node;
		const bool is_late = statement->needs_next_part && node->last_part == part + 1;

		if (i && (is_over || statement->is_alone || is_late || uses_any(&added, statement))) {
			part++;
			added.count = 0;
		}
		if (statement->adds_value)
			*ARENA_PUSH(plan->arena, added.items, added.count) = statement->adds_value;
		parts[i] = part;
		node->last_part = part + 1;
		is_over = statement->is_alone || statement->ends_part;
	}
	return parts;
}

static void number_parts(struct change_plan *plan, struct change_script *out)
{
	const size_t *parts = part_numbers(plan);

	out->statements = arena_array(plan->arena, struct change_statement, plan->statement_count + 1);
	for (size_t i = 0; i < plan->statement_count; i++) {
		struct change_statement *statement = &out->statements[out->count++];

		*statement = plan->statements[plan->order[i]].public;
		statement->part = parts[i];
		out->part_count = parts[i] + 1;
	}
	bool *are_ahead = arena_array(plan->arena, bool, out->part_count + 1);
	plan_find_bodies_ahead(plan, parts, are_ahead);
	script_skip_bodies(out, are_ahead, plan->arena);
	out->unmodelled = plan->unmodelled;
	out->unmodelled_count = plan->unmodelled_count;
}

static void attach_changes(struct change_plan *plan)
{
	struct catalog_changes changes;

	catalog_compare(plan->from, plan->to, plan->options->parts, plan->arena, &changes);
	for (size_t i = 0; i < changes.count; i++)
		plan_node(plan, object_change_object(&changes.items[i]))->change = &changes.items[i];
}

bool change_script_make(const struct catalog *from, const struct catalog *to,
                        const struct change_options *options, struct arena *arena, struct change_script *out,
                        struct error *err)
{
	struct change_plan plan = {.arena = arena, .options = options, .from = from, .to = to};
	struct change_script script = {0};

	plan_make_nodes(&plan);
	plan_give_rules(&plan);
	attach_changes(&plan);
	plan_decide_fates(&plan);
	plan_part_drops(&plan);
	plan_write_statements(&plan);
	if (!plan_order_statements(&plan, err))
		return false;
	number_parts(&plan, &script);
	*out = script;
	return true;
}
