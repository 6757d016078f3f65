/*
 * What has changed is altered where its kind's rules know how, else dropped and created again. Either may be
 * refused by what depends on it: PostgreSQL drops nothing that another object needs, nor changes the type of
 * a column under a view. So what depends on it goes first and comes back as it is in the new state, and what
 * depends on that, and so on; edges are those of the old state, as that is what the server will look at.
 *
 * Some dependents go with what they depend on, without a word and without a statement (pg_depend calls these
 * automatic and internal): an index with its column, a constraint with its table. If they are in the new
 * state they have to be created again; that is how a dropped column of a unique key is not noticed by others.
 *
 * Which dependents refuse which change was measured on 15.20 and 18.4; a column's type is changed under
 * indexes, constraints, defaults and statistics, and not under what is listed in blocks_type_change().
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- what changed ---------------------------------------------------------- */

static bool fact_replaces(const struct change_plan *plan, const struct change_node *node,
                          const struct fact_change *fact)
{
	const struct fact_rule *rule = rule_of_any(node, fact->name);

	if (!rule || plan_major(plan) < rule->since)
		return true;
	return rule->must_replace && rule->must_replace(plan, node, fact);
}

static enum fate fate_of_facts(const struct change_plan *plan, const struct change_node *node)
{
	for (size_t i = 0; i < node->change->fact_count; i++)
		if (fact_replaces(plan, node, &node->change->facts[i]))
			return FATE_REPLACE;
	return FATE_ALTER;
}

static void decide_by_change(const struct change_plan *plan, struct change_node *node)
{
	if (!node->change)
		node->fate = FATE_KEEP;
	else if (!node->change->before)
		node->fate = FATE_CREATE;
	else if (!node->change->after)
		node->fate = FATE_DROP;
	else
		node->fate = fate_of_facts(plan, node);
}

/* --- what depends on it ---------------------------------------------------- */

/* What columns are of: values stay where it is renamed, another one made, and the column changed over. */
static bool is_type(const struct change_node *node)
{
	const enum object_kind_number kind = object_kind_number(node_object(node)->kind);

	return kind >= OBJECT_COLLATION && kind <= OBJECT_RANGE_TYPE;
}

static bool is_automatic(const struct dependency *dependency)
{
	return dependency->type != 'n';
}

static void replace(struct change_node *node)
{
	node->fate = node->fate == FATE_DROP ? FATE_DROP : FATE_REPLACE;
	node->is_closed = false;
}

/* It changes so that the old dependency is gone before what it depends on goes. */
static bool releases(const struct change_node *node)
{
	if (node_is(node, OBJECT_SEQUENCE))
		return node_changes(node, "owned_by");
	if (node_is(node, OBJECT_TABLE) || node_is(node, OBJECT_FOREIGN_TABLE))
		return node_changes(node, "inherits") || node_changes(node, "of_type");
	if (node_is(node, OBJECT_COLUMN) || node_is(node, OBJECT_ATTRIBUTE))
		return node_changes(node, "type");
	return false;
}

static bool needs_after(const struct change_node *node, const struct change_node *needed)
{
	for (uint32_t i = 0; node->after && i < node->after->need_count; i++)
		if (node->after->needs[i].object == needed->after)
			return true;
	return false;
}

/* An alteration that leaves the old dependency behind. */
static bool is_let_go(const struct change_node *dependent, const struct change_node *node)
{
	return dependent->fate == FATE_ALTER && (releases(dependent) || !needs_after(dependent, node));
}

static void lose_dependent(struct change_node *node, const struct dependency *dependency,
                           struct change_node *dependent)
{
	if (is_let_go(dependent, node))
		return;
	if (is_type(node) && node->after && node_is(dependent, OBJECT_COLUMN) && !node_goes(dependent)) {
		node->is_rebuilt = true;
		dependent->is_retyped = true;
		dependent->fate = FATE_ALTER;
		dependent->is_closed = false;
		return;
	}
	if (!node_goes(dependent))
		replace(dependent);
	if (is_automatic(dependency) && !dependent->goes_with && node->goes_with != dependent)
		dependent->goes_with = node;
}

static void close_over_loss(struct change_plan *plan, struct change_node *node)
{
	for (const struct object *child = node->before->first_child; child; child = child->next_sibling) {
		struct change_node *other = plan_node(plan, child);

		if (!node_goes(other))
			replace(other);
		other->goes_with = node;
	}
	for (uint32_t i = 0; i < node->before->needed_by_count; i++) {
		struct change_node *dependent = plan_node(plan, node->before->needed_by[i].object);

		if (dependent && dependent != node)
			lose_dependent(node, &node->before->needed_by[i], dependent);
	}
}

static bool changes_type(const struct change_node *node)
{
	return (node_is(node, OBJECT_COLUMN) || node_is(node, OBJECT_ATTRIBUTE)) &&
	       (node->is_retyped || node_changes(node, "type") || node_changes(node, "collation"));
}

static bool is_generated(const struct change_node *node)
{
	return node_is(node, OBJECT_DEFAULT) && object_attribute(node->before->parent, "generated");
}

static bool blocks_type_change(const struct change_node *dependent)
{
	switch (object_kind_number(node_object(dependent)->kind)) {
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_RULE:
	case OBJECT_POLICY:
	case OBJECT_TRIGGER:
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_PUBLICATION_TABLE:
		return true;
	default:
		return is_generated(dependent);
	}
}

static void close_over_type(struct change_plan *plan, struct change_node *node)
{
	for (uint32_t i = 0; i < node->before->needed_by_count; i++) {
		struct change_node *dependent = plan_node(plan, node->before->needed_by[i].object);

		if (!dependent || node_goes(dependent) || !blocks_type_change(dependent))
			continue;
		replace(is_generated(dependent) ? plan_parent(plan, dependent) : dependent);
	}
}

static void close_over(struct change_plan *plan, struct change_node *node)
{
	node->is_closed = true;
	if (node_goes(node))
		close_over_loss(plan, node);
	else if (node->fate == FATE_ALTER && changes_type(node))
		close_over_type(plan, node);
}

/* The parent's statement creates what a replaced parent had. */
static void create_children_of_replaced(struct change_plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		struct change_node *node = &plan->nodes[i];
		const struct change_node *parent = node->after ? plan_parent(plan, node) : NULL;

		if (parent && node_comes(parent) && node->fate != FATE_CREATE)
			node->fate = node->before ? FATE_REPLACE : FATE_CREATE;
	}
}

void plan_decide_fates(struct change_plan *plan)
{
	bool is_any = true;

	for (size_t i = 0; i < plan->node_count; i++)
		decide_by_change(plan, &plan->nodes[i]);
	while (is_any) {
		is_any = false;
		for (size_t i = 0; i < plan->node_count; i++) {
			struct change_node *node = &plan->nodes[i];

			if (node->before && node->fate != FATE_KEEP && !node->is_closed) {
				close_over(plan, node);
				is_any = true;
			}
		}
	}
	create_children_of_replaced(plan);
}
