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

/* --- bodies --------------------------------------------------------------- */

static bool makes_name(const struct plan_statement *statement)
{
	const enum object_kind_number kind = object_kind_number(node_object(statement->node)->kind);

	return statement->role == ROLE_CREATE && ((kind >= OBJECT_BASE_TYPE && kind <= OBJECT_AGGREGATE) ||
	                                          (kind >= OBJECT_SEQUENCE && kind <= OBJECT_COLUMN));
}

static bool names(const struct change_plan *plan, const char *body, const struct object *object)
{
	const bool is_quoted = *object->name == '"';
	const char *name =
	    arena_strndup(plan->arena, object->name + is_quoted, strlen(object->name) - 2 * is_quoted);

	return strstr(body, name);
}

/* Whether the body of a function of that part, or of one that follows, names what is made behind it. */
static bool is_ahead(const struct change_plan *plan, const size_t *parts, size_t first)
{
	for (size_t i = first; i < plan->statement_count && parts[i] == parts[first]; i++) {
		const struct plan_statement *function = &plan->statements[plan->order[i]];

		for (size_t j = i + 1; function->has_body && j < plan->statement_count; j++) {
			const struct plan_statement *later = &plan->statements[plan->order[j]];

			if (makes_name(later) && names(plan, function->public.sql, node_object(later->node)))
				return true;
		}
	}
	return false;
}

static void add_statement(struct change_script *out, const struct change_statement *statement, size_t part)
{
	out->statements[out->count] = *statement;
	out->statements[out->count++].part = part;
}

static void number_parts(struct change_plan *plan, struct change_script *out)
{
	const size_t *parts = part_numbers(plan);

	out->statements = arena_array(plan->arena, struct change_statement, 2 * plan->statement_count + 1);
	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct plan_statement *statement = &plan->statements[plan->order[i]];

		if ((!i || parts[i] != parts[i - 1]) && !statement->is_alone && is_ahead(plan, parts, i))
			add_statement(out,
			              &(struct change_statement){.sql = "SET LOCAL check_function_bodies = off",
			                                         .object = statement->public.object},
			              parts[i]);
		add_statement(out, &statement->public, parts[i]);
		out->part_count = parts[i] + 1;
	}
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
	plan_part_keys(&plan);
	plan_write_statements(&plan);
	if (!plan_order_statements(&plan, err))
		return false;
	number_parts(&plan, &script);
	*out = script;
	return true;
}
