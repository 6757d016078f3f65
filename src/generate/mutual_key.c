/*
 * Tables that refer to each other cannot be dropped one after the other with all they have: of such a circle
 * each foreign key is dropped by itself first, and goes with its table otherwise.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static bool is_foreign_key(const struct object *object)
{
	return object->kind == &object_kinds[OBJECT_CONSTRAINT] &&
	       strcmp(object_attribute(object, "type"), "foreign key") == 0;
}

/* The table that it refers to, which may be its own. */
static struct change_node *referred(const struct change_plan *plan, const struct object *key)
{
	for (uint32_t i = 0; i < key->need_count; i++) {
		const struct object *needed = key->needs[i].object;

		if (needed->kind == &object_kinds[OBJECT_COLUMN] && needed->parent != key->parent)
			return plan_node(plan, needed->parent);
	}
	return plan_node(plan, key->parent);
}

/* By way of foreign keys of tables that go. */
static bool leads_to(struct change_plan *plan, struct change_node *table, const struct change_node *target)
{
	if (table == target)
		return true;
	if (table->mark == plan->searches || !node_goes(table) || !table->before)
		return false;
	table->mark = plan->searches;
	for (const struct object *child = table->before->first_child; child; child = child->next_sibling)
		if (is_foreign_key(child) && leads_to(plan, referred(plan, child), target))
			return true;
	return false;
}

static bool is_in_circle(struct change_plan *plan, const struct change_node *key)
{
	const struct change_node *own = plan_parent(plan, key);
	struct change_node *other = referred(plan, key->before);

	plan->searches++;
	return other != own && leads_to(plan, other, own);
}

void plan_part_keys(struct change_plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		struct change_node *node = &plan->nodes[i];

		if (node->before && node_goes(node) && node->goes_with && is_foreign_key(node->before) &&
		    is_in_circle(plan, node))
			node->goes_with = NULL;
	}
}
