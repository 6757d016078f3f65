/*
 * Both catalogs are in canonical order, so the nodes of their union are made by one walk and found by search.
 * Every object has a node, changed or not: what depends on a changed one is found by its edges, and may have
 * to be dropped and created again though nobody changed it.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/and_chain.h"
#include "catalog/array_cast.h"
#include "catalog/extract_field.h"
#include "generate/change_plan_internal.h"

/* --- nodes ---------------------------------------------------------------- */

static const struct object *at(const struct catalog *catalog, size_t index)
{
	return index < catalog->count ? catalog->objects[index] : NULL;
}

void plan_make_nodes(struct change_plan *plan)
{
	size_t i = 0;
	size_t j = 0;

	plan->nodes = arena_array(plan->arena, struct change_node, plan->from->count + plan->to->count + 1);
	for (;;) {
		const struct object *a = at(plan->from, i);
		const struct object *b = at(plan->to, j);

		if (!a && !b)
			return;
		const int order = !a ? 1 : !b ? -1 : object_compare(&a, &b);
		plan->nodes[plan->node_count++] =
		    (struct change_node){.before = order <= 0 ? a : NULL, .after = order >= 0 ? b : NULL};
		i += order <= 0;
		j += order >= 0;
	}
}

const struct object *node_object(const struct change_node *node)
{
	return node->after ? node->after : node->before;
}

bool node_is(const struct change_node *node, enum object_kind_number kind)
{
	return node_object(node)->kind == &object_kinds[kind];
}

static int compare_with_node(const void *key, const void *item)
{
	const struct object *object = key;
	const struct object *other = node_object(item);

	return object_compare(&object, &other);
}

struct change_node *plan_node(const struct change_plan *plan, const struct object *object)
{
	if (!object)
		return NULL;
	return bsearch(object, plan->nodes, plan->node_count, sizeof(*plan->nodes), compare_with_node);
}

struct change_node *plan_parent(const struct change_plan *plan, const struct change_node *node)
{
	return plan_node(plan, node_object(node)->parent);
}

struct change_node *plan_new_child_next(const struct change_plan *plan, const struct change_node *node,
                                        enum object_kind_number kind, const struct object **at)
{
	for (*at = *at ? (*at)->next_sibling : node->after->first_child; *at; *at = (*at)->next_sibling) {
		struct change_node *child = plan_node(plan, *at);

		if (node_is(child, kind) && node_comes(child))
			return child;
	}
	return NULL;
}

const struct object *child_at(const struct object *object, enum object_kind_number kind, long position)
{
	for (const struct object *child = object->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[kind] &&
		    strtol(object_attribute(child, "position"), NULL, 10) == position)
			return child;
	return NULL;
}

bool node_goes(const struct change_node *node)
{
	return node->fate == FATE_DROP || node->fate == FATE_REPLACE;
}

bool node_comes(const struct change_node *node)
{
	return node->fate == FATE_CREATE || node->fate == FATE_REPLACE;
}

bool node_changes(const struct change_node *node, const char *fact)
{
	return node->change && node->before && node->after && object_change_fact(node->change, fact);
}

const struct change_node *node_maker(const struct change_node *node)
{
	while (node && node->comes_with)
		node = node->comes_with;
	return node;
}

bool is_ownership(const struct object *object, const struct dependency *dependency)
{
	return object->kind == &object_kinds[OBJECT_SEQUENCE] && dependency->type == 'a';
}

static bool search(const struct change_plan *plan, struct change_node *node, const struct change_node *target)
{
	if (node->mark == plan->searches || !node->after || !node_comes(node))
		return false;
	node->mark = plan->searches;
	for (uint32_t i = 0; i < node->after->need_count; i++) {
		struct change_node *needed = plan_node(plan, node->after->needs[i].object);

		if (is_ownership(node->after, &node->after->needs[i]))
			continue;
		if (needed && (node_maker(needed) == target || search(plan, needed, target)))
			return true;
	}
	return false;
}

bool plan_reaches(struct change_plan *plan, const struct change_node *node, const struct change_node *target)
{
	plan->searches++;
	for (uint32_t i = 0; i < node->after->need_count; i++) {
		struct change_node *needed = plan_node(plan, node->after->needs[i].object);

		if (!needed || needed->after == node->after->parent ||
		    (node_is(needed, OBJECT_COLUMN) && needed->after->parent == target->after))
			continue;
		if (needed == target || node_maker(needed) == target || search(plan, needed, target))
			return true;
	}
	return false;
}

const char *node_attribute(const struct change_node *node, const char *name)
{
	return object_attribute(node_object(node), name);
}

int plan_major(const struct change_plan *plan)
{
	return plan->to->server_version / 10000;
}

/* --- statements ----------------------------------------------------------- */

/* So that the server prints of it what it prints of the original. */
static const char *as_original(struct arena *arena, const char *sql)
{
	return extract_field_leave(arena, and_chain_leave(arena, array_cast_leave(arena, sql)));
}

struct plan_statement *plan_add(struct change_plan *plan, struct change_node *node, enum statement_role role,
                                const char *format, ...)
{
	struct plan_statement *statement = ARENA_PUSH(plan->arena, plan->statements, plan->statement_count);
	va_list args;

	va_start(args, format);
	statement->public.sql = as_original(plan->arena, arena_vprintf(plan->arena, format, args));
	va_end(args);
	statement->public.object = role == ROLE_DROP || !node->after ? node->before : node->after;
	statement->node = node;
	statement->role = role;
	statement->stage = role == ROLE_DROP || role == ROLE_RELEASE ? STAGE_DROP : STAGE_DEFINE;
	statement->rank = (int)object_kind_number(node_object(node)->kind);
	*ARENA_PUSH(plan->arena, node->statements, node->statement_count) = plan->statement_count - 1;
	return statement;
}

void plan_unmodelled(struct change_plan *plan, const struct change_node *node, const char *fact)
{
	*ARENA_PUSH(plan->arena, plan->unmodelled, plan->unmodelled_count) = arena_printf(
	    plan->arena, "%s %s: %s", node_object(node)->kind->name, node_object(node)->identity, fact);
}

/* What has no schema to be named with, and all else that one word and the object's reference drop. */
void drop_simple(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_DROP, "DROP %s", object_reference(node->before, plan->arena));
}

/* --- rules ----------------------------------------------------------------- */

const struct fact_rule no_facts[] = {{.name = NULL}};

void leave_alone(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	(void)plan;
	(void)node;
	(void)fact;
}

const struct fact_rule *rule_of(const struct change_node *node, const char *name)
{
	for (const struct fact_rule *rule = node->rules->facts; rule && rule->name; rule++)
		if (strcmp(rule->name, name) == 0)
			return rule;
	return NULL;
}

/* The same for all kinds (remarks.c). */
static bool is_remark(const char *fact)
{
	static const char *const names[] = {"owner", "grants", "comment", "labels"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], fact) == 0)
			return true;
	return false;
}

static const struct fact_rule remark_rule = {.name = "remark"};

const struct fact_rule *rule_of_any(const struct change_node *node, const char *name)
{
	return is_remark(name) ? &remark_rule : rule_of(node, name);
}
