/*
 * Owner, comment and security labels are said of every kind in the same words, once it is named as COMMENT ON
 * wants it: by its identity, or by its name and what it lies on. Grants are object_grants.c's.
 *
 * A new object belongs to the role that runs the script, so the owner is only said where it is another one.
 * What is owned by its parent's owner has no owner of its own.
 */
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

/* What a new one has: an object that is not there has no remarks. */
static bool text_changes(const char *before, const char *after)
{
	return before != after && (!before || !after || strcmp(before, after) != 0);
}

static void write_comment(struct change_plan *plan, struct change_node *node, const char *before)
{
	const char *after = node->after->comment;

	if (!(plan->options->parts & PART_COMMENT) || !text_changes(before, after))
		return;
	(void)plan_add(plan, node, ROLE_REMARK, "COMMENT ON %s IS %s", object_reference(node->after, plan->arena),
	               after ? quote_literal(plan->arena, after) : "NULL");
}

static const char *label_of(const struct object *object, const char *provider)
{
	for (uint32_t i = 0; object && i < object->label_count; i++)
		if (strcmp(object->labels[i].provider, provider) == 0)
			return object->labels[i].label;
	return NULL;
}

static void write_label(struct change_plan *plan, struct change_node *node, const char *provider,
                        const char *label)
{
	(void)plan_add(plan, node, ROLE_REMARK, "SECURITY LABEL FOR %s ON %s IS %s",
	               quote_name(plan->arena, provider), object_reference(node->after, plan->arena),
	               label ? quote_literal(plan->arena, label) : "NULL");
}

static void write_labels(struct change_plan *plan, struct change_node *node, const struct object *before)
{
	const struct object *after = node->after;

	if (!(plan->options->parts & PART_LABELS))
		return;
	for (uint32_t i = 0; i < after->label_count; i++)
		if (text_changes(label_of(before, after->labels[i].provider), after->labels[i].label))
			write_label(plan, node, after->labels[i].provider, after->labels[i].label);
	for (uint32_t i = 0; before && i < before->label_count; i++)
		if (!label_of(after, before->labels[i].provider))
			write_label(plan, node, before->labels[i].provider, NULL);
}

/* An identity column's sequence belongs to its table's owner. */
static bool has_own_owner(const struct object *object)
{
	return object->owner && strcmp(object->owner, "@server") != 0 &&
	       !(object->kind == &object_kinds[OBJECT_SEQUENCE] && object_attribute(object, "owned_by"));
}

static void write_owner(struct change_plan *plan, struct change_node *node, const char *before)
{
	const struct object *after = node->after;
	const bool is_own = after->owner && strcmp(after->owner, plan->to->self) == 0;
	const char *owner = is_own ? plan->from->self : after->owner;

	if (!(plan->options->parts & PART_OWNER) || !has_own_owner(after) || !text_changes(before, owner))
		return;
	plan_add(plan, node, ROLE_REMARK, "ALTER %s OWNER TO %s", object_reference(after, plan->arena), owner)
	    ->public.hazards |= HAZARD_SECURITY;
}

void write_remarks(struct change_plan *plan, struct change_node *node)
{
	const struct object *before = node_comes(node) ? NULL : node->before;

	write_owner(plan, node, before ? before->owner : plan->from->self);
	write_comment(plan, node, before ? before->comment : NULL);
	write_labels(plan, node, before);
	if (plan->options->parts & PART_GRANTS)
		write_grants(plan, node);
}
