/*
 * Tables that refer to each other cannot be dropped one after the other with all they have: of such a circle
 * each foreign key is dropped by itself first, and goes with its table otherwise. The same holds for whatever
 * else a table or a view takes along: a policy that looks at another table, a trigger with a condition by a
 * function that takes a row of its own. A primary key goes with a column, unless its table gets another one:
 * columns are dropped last, and a table has one.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* Goes with its table, and can go before it. */
static bool is_part(const struct change_node *node)
{
	switch (object_kind_number(node->before->kind)) {
	case OBJECT_CONSTRAINT:
	case OBJECT_INDEX:
	case OBJECT_POLICY:
	case OBJECT_RULE:
	case OBJECT_TRIGGER:
		return true;
	case OBJECT_DEFAULT:
		return !object_attribute(node->before->parent, "generated");
	default:
		return false;
	}
}

/* Whose statement drops that; NULL: it stays. */
static struct change_node *dropper(const struct change_plan *plan, const struct object *object)
{
	struct change_node *node = plan_node(plan, object);

	if (!node || !node->before || !node_goes(node))
		return NULL;
	while (node->goes_with)
		node = node->goes_with;
	return node;
}

static bool leads_to(struct change_plan *plan, struct change_node *from, const struct change_node *target);

/* By what it needs, or what goes with it does. */
static bool needs_lead_to(struct change_plan *plan, const struct object *object, struct change_node *from,
                          const struct change_node *target)
{
	if (dropper(plan, object) != from)
		return false;
	for (uint32_t i = 0; i < object->need_count; i++) {
		struct change_node *needed = dropper(plan, object->needs[i].object);

		if (needed && needed != from && leads_to(plan, needed, target))
			return true;
	}
	for (const struct object *child = object->first_child; child; child = child->next_sibling)
		if (needs_lead_to(plan, child, from, target))
			return true;
	return false;
}

static bool leads_to(struct change_plan *plan, struct change_node *from, const struct change_node *target)
{
	if (from == target)
		return true;
	if (from->mark == plan->searches)
		return false;
	from->mark = plan->searches;
	return needs_lead_to(plan, from->before, from, target);
}

static bool is_in_circle(struct change_plan *plan, const struct change_node *part)
{
	const struct change_node *whole = dropper(plan, part->before);

	for (uint32_t i = 0; i < part->before->need_count; i++) {
		struct change_node *needed = dropper(plan, part->before->needs[i].object);

		plan->searches++;
		if (needed && needed != whole && leads_to(plan, needed, whole))
			return true;
	}
	return false;
}

static bool is_primary_key(const struct object *object)
{
	return object->kind == &object_kinds[OBJECT_CONSTRAINT] &&
	       strcmp(object_attribute(object, "type"), "primary key") == 0;
}

static bool is_in_the_way(const struct change_plan *plan, const struct change_node *key)
{
	const struct change_node *table = plan_parent(plan, key);

	if (!is_primary_key(key->before) || !node_is(key->goes_with, OBJECT_COLUMN) || !table->after)
		return false;
	for (const struct object *child = table->after->first_child; child; child = child->next_sibling)
		if (is_primary_key(child))
			return node_comes(plan_node(plan, child));
	return false;
}

void plan_part_drops(struct change_plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		struct change_node *node = &plan->nodes[i];

		if (!node->before || !node_goes(node) || !node->goes_with)
			continue;
		if (is_in_the_way(plan, node) ||
		    (node->goes_with->before == node->before->parent && is_part(node) && is_in_circle(plan, node)))
			node->goes_with = NULL;
	}
}
