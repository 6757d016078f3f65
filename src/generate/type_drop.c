/*
 * How a type comes and goes that others cannot do without. One that is made with functions which take it is
 * named first, and takes them with it when it is dropped. One that columns keep using while it becomes
 * another is renamed, and dropped when all have changed over.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static bool needs(const struct object *object, const struct object *needed)
{
	for (uint32_t i = 0; i < object->need_count; i++)
		if (object->needs[i].object == needed)
			return true;
	return false;
}

bool is_made_with(const struct object *type, const struct object *function)
{
	const enum object_kind_number kind = object_kind_number(type->kind);

	return (kind == OBJECT_BASE_TYPE || kind == OBJECT_RANGE_TYPE) &&
	       function->kind == &object_kinds[OBJECT_FUNCTION] && needs(type, function) && needs(function, type);
}

static bool has_own_functions(const struct object *type)
{
	for (uint32_t i = 0; i < type->need_count; i++)
		if (is_made_with(type, type->needs[i].object))
			return true;
	return false;
}

void name_type_first(struct change_plan *plan, struct change_node *node)
{
	if (has_own_functions(node->after))
		(void)plan_add(plan, node, ROLE_SHELL, "CREATE TYPE %s", node->after->identity);
}

const char *with_own_functions(const struct object *type)
{
	return has_own_functions(type) ? " CASCADE" : "";
}

/* --- another type in its place ------------------------------------------------ */

/* "rung_old_e", of a name in quotes in these. */
static const char *old_name(struct arena *arena, const char *name)
{
	const bool is_quoted = *name == '"';

	return arena_printf(arena, "%srung_old_%s", is_quoted ? "\"" : "", name + is_quoted);
}

void drop_type(struct change_plan *plan, struct change_node *node)
{
	if (!node->is_rebuilt) {
		(void)plan_add(plan, node, ROLE_DROP, "DROP %s%s", object_reference(node->before, plan->arena),
		               with_own_functions(node->before));
		return;
	}
	(void)plan_add(plan, node, ROLE_RELEASE, "ALTER %s RENAME TO %s",
	               object_reference(node->before, plan->arena), old_name(plan->arena, node->before->name));
	plan_add(plan, node, ROLE_DROP, "DROP %s %s.%s", object_words(node->before), node->before->schema,
	         old_name(plan->arena, node->before->name))
	    ->stage = STAGE_DEFINE;
}
