/*
 * Who has what of whom. A partition has its columns, keys and indexes of its parent, and a child its columns:
 * by the parent's statement, as long as the one is the other's child when that runs. A partition with an
 * index of another name than the server would choose is made apart from its parent, with its own, and
 * attached then: the server takes what is there for what it would make.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static bool is_relation(const struct object *object)
{
	return object->kind == &object_kinds[OBJECT_TABLE] || object->kind == &object_kinds[OBJECT_FOREIGN_TABLE];
}

/* The one of that kind that it is a copy of, by pg_depend's word for it. */
static struct change_node *original(const struct change_plan *plan, const struct object *object,
                                    enum object_kind_number kind)
{
	for (uint32_t i = 0; i < object->need_count; i++)
		if (object->needs[i].type == 'P' && object->needs[i].object->kind == &object_kinds[kind])
			return plan_node(plan, object->needs[i].object);
	return NULL;
}

const struct object *index_of_constraint(const struct change_plan *plan, const struct object *constraint)
{
	return catalog_find(plan->to, OBJECT_INDEX,
	                    arena_printf(plan->arena, "%s.%s", constraint->parent->schema, constraint->name));
}

static struct change_node *index_of(const struct change_plan *plan, const struct object *constraint)
{
	return plan_node(plan, index_of_constraint(plan, constraint));
}

/* A key's constraint has the index's name. */
struct change_node *constraint_of(const struct change_plan *plan, const struct object *index)
{
	for (uint32_t i = 0; i < index->need_count; i++)
		if (index->needs[i].object->kind == &object_kinds[OBJECT_CONSTRAINT] && index->needs[i].type == 'i')
			return plan_node(plan, index->needs[i].object);
	return NULL;
}

static bool is_usual(const struct change_plan *plan, const struct object *index)
{
	const struct change_node *constraint = constraint_of(plan, index);

	/* A key of its own alone is not made by an index of the parent's. */
	return !(constraint && !object_attribute(constraint->after, "inherited")) &&
	       index_is_usual(plan, index, constraint ? object_attribute(constraint->after, "type") : NULL);
}

bool table_is_apart(const struct change_plan *plan, const struct change_node *table)
{
	if (!table->after || !node_comes(table) || !node_attribute(table, "partition_bound"))
		return false;
	for (const struct object *child = table->after->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_INDEX] && object_attribute(child, "attached_to") &&
		    !is_usual(plan, child))
			return true;
	return false;
}

bool table_joins(const struct change_plan *plan, const struct change_node *table)
{
	return table_is_apart(plan, table) ||
	       (table->fate == FATE_ALTER &&
	        (node_changes(table, "inherits") || node_changes(table, "partition_bound")) &&
	        object_attribute(table->after, "inherits"));
}

static const struct object *column_called(const struct object *table, const char *name)
{
	for (const struct object *child = table->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_COLUMN] && strcmp(child->name, name) == 0)
			return child;
	return NULL;
}

struct change_node *column_origin(const struct change_plan *plan, const struct object *column)
{
	const struct object *table = column->parent;

	for (uint32_t i = 0; i < table->need_count; i++) {
		const struct object *parent = table->needs[i].object;
		const struct object *found = is_relation(parent) ? column_called(parent, column->name) : NULL;

		if (found)
			return plan_node(plan, found);
	}
	return NULL;
}

struct change_node *column_attribute(const struct change_plan *plan, const struct object *column)
{
	const struct object *table = column->parent;
	const bool is_typed = object_attribute(table, "of_type");

	for (uint32_t i = 0; is_typed && i < table->need_count; i++) {
		const struct object *type = table->needs[i].object;

		for (const struct object *child = type->first_child; child; child = child->next_sibling)
			if (child->kind == &object_kinds[OBJECT_ATTRIBUTE] && strcmp(child->name, column->name) == 0)
				return plan_node(plan, child);
	}
	return NULL;
}

struct change_node *column_giver(const struct change_plan *plan, const struct change_node *column)
{
	struct change_node *attribute = column->after ? column_attribute(plan, column->after) : NULL;

	if (attribute && attribute->fate != FATE_KEEP && !node_changes(plan_parent(plan, column), "of_type"))
		return attribute;
	if (!column->after || !object_attribute(column->after, "inherited") ||
	    table_joins(plan, plan_parent(plan, column)))
		return NULL;
	return column_origin(plan, column->after);
}

/* --- indexes and keys ----------------------------------------------------------- */

static const struct object *attached_index(const struct object *table, const char *to)
{
	for (const struct object *child = table->first_child; child; child = child->next_sibling) {
		const char *attached_to =
		    child->kind == &object_kinds[OBJECT_INDEX] ? object_attribute(child, "attached_to") : NULL;

		if (attached_to && strcmp(attached_to, to) == 0)
			return child;
	}
	return NULL;
}

bool index_is_only(const struct object *index)
{
	for (uint32_t i = 0; i < index->parent->needed_by_count; i++) {
		const struct object *table = index->parent->needed_by[i].object;
		const struct object *attached = attached_index(table, index->identity);

		if (table->kind == &object_kinds[OBJECT_TABLE] && object_attribute(table, "partition_bound") &&
		    (!attached || index_is_only(attached)))
			return true;
	}
	return false;
}

bool constraint_is_only(const struct change_plan *plan, const struct object *constraint)
{
	const struct change_node *index = index_of(plan, constraint);

	return index && index->after && index_is_only(index->after);
}

typedef struct change_node *giver_question(const struct change_plan *plan, const struct change_node *node);

/* It comes with its table, which may not have been written yet. */
static bool comes_with_table(const struct change_plan *plan, const struct change_node *node,
                             giver_question *giver_of)
{
	const struct change_node *table = plan_parent(plan, node);

	return node_comes(table) && (node->comes_with ? node->comes_with : giver_of(plan, node)) == table;
}

/* What makes it: the parent's, or its own table where that is made by then. */
static struct change_node *giver(const struct change_plan *plan, struct change_node *of,
                                 const struct change_node *node, giver_question *giver_of)
{
	struct change_node *table = plan_parent(plan, node);

	if (of && node_comes(of) && !table_joins(plan, table) &&
	    !(node_comes(table) && comes_with_table(plan, of, giver_of)))
		return of;
	return node_comes(table) || table_joins(plan, table) ? table : NULL;
}

struct change_node *index_giver(const struct change_plan *plan, const struct change_node *index)
{
	struct change_node *of = original(plan, index->after, OBJECT_INDEX);

	if (!object_attribute(index->after, "attached_to") || !is_usual(plan, index->after) ||
	    (of && index_is_only(of->after)))
		return NULL;
	return giver(plan, of, index, index_giver);
}

struct change_node *constraint_giver(const struct change_plan *plan, const struct change_node *constraint)
{
	struct change_node *of = original(plan, constraint->after, OBJECT_CONSTRAINT);
	const struct change_node *index = index_of(plan, constraint->after);

	if (!object_attribute(constraint->after, "inherited") || !index || !is_usual(plan, index->after) ||
	    (of && constraint_is_only(plan, of->after)))
		return NULL;
	return giver(plan, of, constraint, constraint_giver);
}

bool index_is_attached(const struct change_plan *plan, const struct change_node *index)
{
	const struct change_node *of = original(plan, index->after, OBJECT_INDEX);

	return (of && node_comes(of) && !index_is_only(of->after)) ||
	       table_joins(plan, plan_parent(plan, index)) || node_comes(plan_parent(plan, index));
}

bool constraint_is_early(const struct change_plan *plan, const struct change_node *constraint)
{
	const struct change_node *index = index_of(plan, constraint->after);

	return index && index_is_attached(plan, index);
}

bool leaves_original(const struct change_plan *plan, const struct change_node *node)
{
	const struct change_node *table = plan_parent(plan, node);

	return table->fate == FATE_ALTER &&
	       (node_changes(table, "inherits") || node_changes(table, "partition_bound"));
}

/* --- checks and foreign keys ------------------------------------------------------ */

static bool is_handed_down(const struct object *constraint, const struct object *table)
{
	const char *type =
	    constraint->kind == &object_kinds[OBJECT_CONSTRAINT] ? object_attribute(constraint, "type") : "";
	const struct str definition = str_of(constraint->definition ? constraint->definition : "");

	return (strcmp(type, "check") == 0 && !str_ends(definition, " NO INHERIT")) ||
	       (strcmp(type, "foreign key") == 0 && object_attribute(table, "partition_bound"));
}

const struct object *handed_down_next(const struct object *table, struct handed_down *at)
{
	for (; table && at->parent < table->need_count; at->parent++, at->constraint = NULL) {
		const struct object *parent = table->needs[at->parent].object;

		if (!is_relation(parent))
			continue;
		for (at->constraint = at->constraint ? at->constraint->next_sibling : parent->first_child;
		     at->constraint; at->constraint = at->constraint->next_sibling)
			if (is_handed_down(at->constraint, table))
				return at->constraint;
	}
	return NULL;
}

const struct object *handed_down_find(const struct object *table, const char *name)
{
	struct handed_down at = {0};
	const struct object *constraint;

	while ((constraint = handed_down_next(table, &at)))
		if (strcmp(constraint->name, name) == 0)
			return constraint;
	return NULL;
}

static bool is_the_same(const struct object *a, const struct object *b)
{
	return a && b && strcmp(a->definition, b->definition) == 0;
}

static bool is_relations(const struct object *constraint)
{
	return is_relation(constraint->parent);
}

bool has_from_parent(const struct change_plan *plan, const struct change_node *constraint)
{
	return is_relations(constraint->after) && leaves_original(plan, constraint) &&
	       is_the_same(handed_down_find(plan_parent(plan, constraint)->before, constraint->after->name),
	                   constraint->after);
}

bool gives_to_parent(const struct change_plan *plan, const struct change_node *constraint)
{
	return is_relations(constraint->before) && table_joins(plan, plan_parent(plan, constraint)) &&
	       is_the_same(handed_down_find(plan_parent(plan, constraint)->after, constraint->before->name),
	                   constraint->before);
}

/* --- for whom a statement is ---------------------------------------------------- */

static bool has_children(const struct object *relation)
{
	for (uint32_t i = 0; relation && i < relation->needed_by_count; i++) {
		const struct object *child = relation->needed_by[i].object;

		if ((child->kind == &object_kinds[OBJECT_TABLE] ||
		     child->kind == &object_kinds[OBJECT_FOREIGN_TABLE]) &&
		    object_attribute(child, "inherits"))
			return true;
	}
	return false;
}

const char *alter_relation(const struct change_plan *plan, const struct object *relation, bool only)
{
	const struct change_node *node = plan_node(plan, relation);
	const bool is_parent = has_children(node->before) || has_children(node->after);

	return arena_printf(plan->arena, "ALTER %s %s%s", object_words(relation),
	                    only && is_parent ? "ONLY " : "", relation->identity);
}
