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
#include <stdlib.h>
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
	else if (!node->change->before) /* an invalid index is there all the same */
		node->fate = node->before ? FATE_REPLACE : FATE_CREATE;
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
	if (node_is(node, OBJECT_INDEX) || node_is(node, OBJECT_CONSTRAINT))
		return node_changes(node, "attached_to") || node_changes(node, "inherited");
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

static bool is_generated(const struct change_node *node)
{
	return node_is(node, OBJECT_DEFAULT) && object_attribute(node->before->parent, "generated");
}

static bool is_of_table(const struct change_node *column)
{
	return column->before->parent->kind == &object_kinds[OBJECT_TABLE] ||
	       column->before->parent->kind == &object_kinds[OBJECT_FOREIGN_TABLE];
}

/* The server has the columns of a partition key depend on their table. */
static bool is_partition_key(const struct change_node *column)
{
	for (uint32_t i = 0; i < column->before->need_count; i++)
		if (column->before->needs[i].object == column->before->parent && column->before->needs[i].type == 'i')
			return true;
	return false;
}

/* What goes when that has to: a part of something cannot go alone. */
static struct change_node *whole_of(const struct change_plan *plan, struct change_node *node)
{
	if (is_generated(node))
		return plan_parent(plan, node);
	if (node_is(node, OBJECT_ATTRIBUTE) ||
	    (node_is(node, OBJECT_COLUMN) && (!is_of_table(node) || is_partition_key(node))))
		return plan_parent(plan, node);
	return node;
}

/* The functions that come with a range have its name, and keep it; those of a type in C are of it alone. */
static void retype(struct change_node *type, struct change_node *column)
{
	const bool is_by_text = node_is(type, OBJECT_RANGE_TYPE) || node_is(type, OBJECT_BASE_TYPE);

	type->is_rebuilt |= !is_by_text;
	column->is_by_text |= is_by_text;
	if (column->is_retyped)
		return;
	column->is_retyped = true;
	column->fate = FATE_ALTER;
	column->is_closed = false;
}

static bool changes_type(const struct change_node *node)
{
	return (node_is(node, OBJECT_COLUMN) || node_is(node, OBJECT_ATTRIBUTE)) &&
	       (node->is_retyped || node_changes(node, "type") || node_changes(node, "collation"));
}

/* Values of it are stored somewhere. */
static bool is_stored(const struct object *type)
{
	for (uint32_t i = 0; i < type->needed_by_count; i++) {
		const struct object *user = type->needed_by[i].object;
		const enum object_kind_number kind = object_kind_number(user->kind);

		if (kind == OBJECT_COLUMN || (kind == OBJECT_ATTRIBUTE && is_stored(user->parent)) ||
		    (kind >= OBJECT_BASE_TYPE && kind <= OBJECT_RANGE_TYPE && is_stored(user)))
			return true;
	}
	return false;
}

/* An attribute is added behind those that are there; the type of one is not changed while it is stored. */
static bool composite_is_another(const struct change_plan *plan, const struct change_node *type)
{
	long kept = 0;
	const struct object *attribute;

	for (long i = 1; (attribute = child_at(type->before, OBJECT_ATTRIBUTE, i)); i++) {
		const struct change_node *node = plan_node(plan, attribute);

		if (!node->after || node_goes(node))
			continue;
		if (strtol(node_attribute(node, "position"), NULL, 10) != ++kept ||
		    (node->fate == FATE_ALTER && changes_type(node) && is_stored(type->before)))
			return true;
	}
	return false;
}

/* Of an operator family that is its member, and not the family. */
static bool takes_along(const struct dependency *dependency, const struct change_node *dependent)
{
	return is_automatic(dependency) && !node_is(dependent, OBJECT_OPERATOR_FAMILY);
}

static void lose_dependent(struct change_plan *plan, struct change_node *node,
                           const struct dependency *dependency, struct change_node *dependent)
{
	struct change_node *whole = whole_of(plan, dependent);

	if (is_let_go(dependent, node))
		return;
	if (whole != dependent && whole != node && !node_goes(whole))
		replace(whole);
	if (is_type(node) && node->after && node_is(dependent, OBJECT_COLUMN) && !node_goes(dependent) &&
	    !node_goes(whole)) {
		retype(node, dependent);
		return;
	}
	if (!node_goes(dependent))
		replace(dependent);
	if ((takes_along(dependency, dependent) || is_made_with(node->before, dependent->before)) &&
	    !dependent->goes_with && node->goes_with != dependent)
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
			lose_dependent(plan, node, &node->before->needed_by[i], dependent);
	}
}

static bool is_another_type(const struct change_plan *plan, const struct change_node *column)
{
	return column->is_retyped || !type_keeps_operators(plan, object_attribute(column->before, "type"),
	                                                   object_attribute(column->after, "type"));
}

/* A key to a column of another type than its own cannot be there in between. */
static bool is_foreign_key(const struct change_node *node)
{
	return node_is(node, OBJECT_CONSTRAINT) &&
	       strcmp(object_attribute(node->before, "type"), "foreign key") == 0;
}

static bool blocks_type_change(const struct change_plan *plan, const struct change_node *column,
                               const struct change_node *dependent)
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
	case OBJECT_DEFAULT:
		return is_generated(dependent) || dependent->fate == FATE_ALTER;
	default:
		return is_foreign_key(dependent) && is_another_type(plan, column);
	}
}

/* Columns of other tables that hold rows of this one are text in the meantime. */
static void set_rows_aside(struct change_plan *plan, const struct object *table)
{
	for (uint32_t i = 0; i < table->needed_by_count; i++) {
		struct change_node *column = plan_node(plan, table->needed_by[i].object);

		if (!column || !node_is(column, OBJECT_COLUMN) || !is_of_table(column) || node_goes(column) ||
		    column->before->parent == table || column->is_retyped)
			continue;
		column->is_by_text = column->is_retyped = true;
		column->fate = FATE_ALTER;
		column->is_closed = false;
	}
}

static void close_over_type(struct change_plan *plan, struct change_node *node)
{
	if (is_partition_key(node)) {
		replace(plan_parent(plan, node));
		return;
	}
	if (node_is(node, OBJECT_COLUMN))
		set_rows_aside(plan, node->before->parent);
	for (uint32_t i = 0; i < node->before->needed_by_count; i++) {
		struct change_node *dependent = plan_node(plan, node->before->needed_by[i].object);

		if (dependent && !node_goes(dependent) && blocks_type_change(plan, node, dependent))
			replace(whole_of(plan, dependent));
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

static bool rebuild_needed(struct change_plan *plan, const struct object *object)
{
	bool is_any = false;

	for (uint32_t j = 0; j < object->need_count; j++) {
		struct change_node *needed = plan_node(plan, object->needs[j].object);

		if (!needed || !is_type(needed) || !node_goes(needed) || !needed->after || needed->is_rebuilt)
			continue;
		needed->is_rebuilt = is_any = true;
	}
	for (const struct object *child = object->first_child; child; child = child->next_sibling)
		is_any |= rebuild_needed(plan, child);
	return is_any;
}

/* A type stays until what is made with it does not need it, and so do those that it is made with itself. */
static bool spread_rebuilding(struct change_plan *plan)
{
	bool is_any = false;

	for (size_t i = 0; i < plan->node_count; i++) {
		if (plan->nodes[i].is_rebuilt && node_goes(&plan->nodes[i]))
			is_any |= rebuild_needed(plan, plan->nodes[i].before);
	}
	return is_any;
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

/* An index of a partition that is a part of its parent's, and stays with it. */
static bool is_attached(const struct change_plan *plan, const struct change_node *node)
{
	const struct change_node *table = node_is(node, OBJECT_INDEX) ? plan_parent(plan, node) : NULL;

	return table && object_attribute(node->before, "attached_to") && !node_goes(table) &&
	       !leaves_original(plan, node);
}

static void replace_original(struct change_plan *plan, const struct change_node *node)
{
	for (uint32_t i = 0; i < node->before->need_count; i++) {
		struct change_node *needed = plan_node(plan, node->before->needs[i].object);

		if (node->before->needs[i].type == 'P' && needed && needed->fate != FATE_DROP)
			replace(needed);
	}
}

/* What cannot be replaced by itself. */
static void replace_whole(struct change_plan *plan, struct change_node *node)
{
	const bool is_given = node->fate == FATE_REPLACE && node_is(node, OBJECT_COLUMN) &&
	                      node_changes(node, "inherited") && object_attribute(node->after, "inherited");

	if (is_given)
		replace(plan_parent(plan, node));
	else if (node->fate == FATE_REPLACE && is_generated(node) &&
	         object_attribute(node->after->parent, "generated"))
		replace(plan_parent(plan, node));
	else if (is_attached(plan, node))
		replace_original(plan, node);
}

void plan_decide_fates(struct change_plan *plan)
{
	bool is_any = true;

	for (size_t i = 0; i < plan->node_count; i++)
		decide_by_change(plan, &plan->nodes[i]);
	for (size_t i = 0; i < plan->node_count; i++)
		if (node_is(&plan->nodes[i], OBJECT_COMPOSITE_TYPE) && plan->nodes[i].before &&
		    plan->nodes[i].after && composite_is_another(plan, &plan->nodes[i]))
			replace(&plan->nodes[i]);
	for (size_t i = 0; i < plan->node_count; i++)
		if (node_goes(&plan->nodes[i]))
			replace_whole(plan, &plan->nodes[i]);
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
	while (spread_rebuilding(plan))
		;
	create_children_of_replaced(plan);
}
