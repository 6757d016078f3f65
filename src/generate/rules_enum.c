/*
 * Enums, and how a type that columns use becomes another one. To an enum values can be added; any other
 * change of them makes a new type of it, as does a change of a domain's base, or of a composite type that
 * holds it. The old one is renamed, the new one created, the columns are changed over by way of text, and the
 * old one is dropped (is_rebuilt): nothing else would keep their values.
 *
 * A value that was added in a transaction cannot be used before that is committed, so that a part ends where
 * a statement names it.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- enums --------------------------------------------------------------------- */

static void create_enum(struct change_plan *plan, struct change_node *node)
{
	const char *values = node_attribute(node, "values");

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE TYPE %s AS ENUM (%s)", node->after->identity,
	               values ? values : "");
}

/* Whether all of `before` are in `after`, in the same order. */
static bool only_adds(const char *before, const char *after)
{
	struct str old = str_of(before ? before : "");
	struct str new = str_of(after ? after : "");
	struct str value;
	struct str other;

	while (item_list_next(&old, &value)) {
		do {
			if (!item_list_next(&new, &other))
				return false;
		} while (!str_equal(value, other));
	}
	return true;
}

static bool loses_values(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	(void)plan;
	(void)node;
	return !only_adds(fact->before, fact->after);
}

static void add_value(struct change_plan *plan, struct change_node *node, struct str value, const char *where,
                      struct str neighbour)
{
	struct plan_statement *statement =
	    plan_add(plan, node, ROLE_ALTER, "ALTER TYPE %s ADD VALUE %.*s%s%.*s", node->after->identity,
	             STR_ARGS(value), where, STR_ARGS(neighbour));

	statement->public.hazards |= HAZARD_IRREVERSIBLE;
	statement->adds_value = str_copy(plan->arena, value);
}

/* Each new one behind the one before it, the first before what was first, those at the end as they come. */
static void write_values(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	struct str old = str_of(fact->before ? fact->before : "");
	struct str rest = str_of(fact->after);
	struct str last = {0};
	struct str next = {0};
	struct str value;

	if (!item_list_next(&old, &next))
		next = (struct str){0};
	while (item_list_next(&rest, &value)) {
		if (next.text && str_equal(value, next)) {
			if (!item_list_next(&old, &next))
				next = (struct str){0};
		} else if (!next.text) {
			add_value(plan, node, value, "", STR(""));
		} else {
			add_value(plan, node, value, last.text ? " AFTER " : " BEFORE ", last.text ? last : next);
		}
		last = value;
	}
}

static const struct fact_rule enum_facts[] = {
    {.name = "values", .write = write_values, .must_replace = loses_values},
    {.name = NULL},
};

const struct kind_rules enum_rules = {.create = create_enum, .drop = drop_type, .facts = enum_facts};
