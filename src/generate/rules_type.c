/*
 * Domains, composite types and ranges. What of a domain is not a constraint or its default, and anything of a
 * range, makes another type of it, which columns are changed over to (rules_enum.c).
 */
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- domains ------------------------------------------------------------------- */

static struct change_node *not_null_of(const struct change_plan *plan, const struct object *domain)
{
	for (const struct object *child = domain->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_NOT_NULL])
			return plan_node(plan, child);
	return NULL;
}

/* Since 17 it has a name. */
static const char *not_null_name(const struct change_plan *plan, const struct change_node *domain)
{
	struct change_node *constraint = not_null_of(plan, domain->after);

	if (!constraint)
		return NULL;
	if (node_comes(constraint))
		constraint->comes_with = plan_node(plan, domain->after);
	return object_attribute(constraint->after, constraint->after->comment ? "real_name" : "constraint_name");
}

static void add_domain_not_null(struct change_plan *plan, struct buffer *text, const struct change_node *node)
{
	const char *name = not_null_name(plan, node);

	if (name)
		buffer_printf(text, " CONSTRAINT %s", name);
	buffer_text(text, " NOT NULL");
}

static void create_domain(struct change_plan *plan, struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};
	const char *collation = node_attribute(node, "collation");
	const char *value = node_attribute(node, "default");
	const struct object *at = NULL;
	struct change_node *constraint;

	buffer_printf(&text, "CREATE DOMAIN %s AS %s", node->after->identity, node_attribute(node, "type"));
	if (collation)
		buffer_printf(&text, " COLLATE %s", collation);
	if (value)
		buffer_printf(&text, " DEFAULT %s", value);
	if (node_attribute(node, "not_null"))
		add_domain_not_null(plan, &text, node);
	while ((constraint = plan_new_child_next(plan, node, OBJECT_CONSTRAINT, &at))) {
		if (plan_reaches(plan, constraint, node) ||
		    str_ends(str_of(constraint->after->definition), " NOT VALID"))
			continue;
		constraint->comes_with = node;
		buffer_printf(&text, "\n    CONSTRAINT %s %s", constraint->after->name,
		              constraint->after->definition);
	}
	(void)plan_add(plan, node, ROLE_CREATE, "%s", buffer_cstr(&text));
}

static void write_domain_not_null(struct change_plan *plan, struct change_node *node,
                                  const struct fact_change *fact)
{
	const char *name = fact->after ? not_null_name(plan, node) : NULL;

	plan_add(plan, node, ROLE_ALTER, "ALTER DOMAIN %s %s%s NOT NULL", node->after->identity,
	         name          ? "ADD CONSTRAINT "
	         : fact->after ? "SET"
	                       : "DROP",
	         name ? name : "")
	    ->public.hazards |= fact->after ? HAZARD_SCAN | HAZARD_MAY_FAIL : 0;
}

static void write_domain_default(struct change_plan *plan, struct change_node *node,
                                 const struct fact_change *fact)
{
	if (fact->after)
		(void)plan_add(plan, node, ROLE_ALTER, "ALTER DOMAIN %s SET DEFAULT %s", node->after->identity,
		               fact->after);
	else
		(void)plan_add(plan, node, ROLE_ALTER, "ALTER DOMAIN %s DROP DEFAULT", node->after->identity);
}

static const struct fact_rule domain_facts[] = {
    {.name = "not_null", .write = write_domain_not_null},
    {.name = "default", .write = write_domain_default},
    {.name = NULL},
};

/* --- composite types -------------------------------------------------------------- */

static const char *attribute_text(struct arena *arena, const struct object *attribute)
{
	const char *collation = object_attribute(attribute, "collation");

	return arena_printf(arena, "%s %s%s%s", attribute->name, object_attribute(attribute, "type"),
	                    collation ? " COLLATE " : "", collation ? collation : "");
}

static void create_composite_type(struct change_plan *plan, struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};
	const struct object *attribute;

	for (long i = 1; (attribute = child_at(node->after, OBJECT_ATTRIBUTE, i)); i++) {
		buffer_printf(&text, "%s\n    %s", i > 1 ? "," : "", attribute_text(plan->arena, attribute));
		plan_node(plan, attribute)->comes_with = node;
	}
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE TYPE %s AS (%s%s)", node->after->identity,
	               buffer_cstr(&text), text.len ? "\n" : "");
}

/* The only ones that CASCADE reaches here: without it the server refuses, and with it they follow. */
static const char *for_typed_tables(const struct object *type)
{
	for (uint32_t i = 0; i < type->needed_by_count; i++)
		if (type->needed_by[i].object->kind == &object_kinds[OBJECT_TABLE] &&
		    object_attribute(type->needed_by[i].object, "of_type"))
			return " CASCADE";
	return "";
}

static void create_type_attribute(struct change_plan *plan, struct change_node *node)
{
	if (!node->comes_with)
		(void)plan_add(plan, node, ROLE_CREATE, "ALTER TYPE %s ADD ATTRIBUTE %s%s",
		               node->after->parent->identity, attribute_text(plan->arena, node->after),
		               for_typed_tables(node->after->parent));
}

static void drop_type_attribute(struct change_plan *plan, struct change_node *node)
{
	struct plan_statement *statement =
	    plan_add(plan, node, ROLE_DROP, "ALTER TYPE %s DROP ATTRIBUTE %s%s", node->before->parent->identity,
	             node->before->name, for_typed_tables(node->before->parent));

	statement->stage = STAGE_LOSE;
	statement->public.hazards |= HAZARD_DATA_LOSS | HAZARD_IRREVERSIBLE;
}

static void write_attribute_type(struct change_plan *plan, struct change_node *node,
                                 const struct fact_change *fact)
{
	const char *collation = node_attribute(node, "collation");

	(void)fact;
	if (!node->is_rewritten)
		(void)plan_add(plan, node, ROLE_ALTER, "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE %s%s%s%s",
		               node->after->parent->identity, node->after->name, node_attribute(node, "type"),
		               collation ? " COLLATE " : "", collation ? collation : "",
		               for_typed_tables(node->after->parent));
	node->is_rewritten = true;
}

static const struct fact_rule type_attribute_facts[] = {
    {.name = "type", .write = write_attribute_type},
    {.name = "collation", .write = write_attribute_type},
    {.name = "position", .write = leave_alone},
    {.name = NULL},
};

/* --- ranges -------------------------------------------------------------------------- */

static const struct {
	const char *attribute;
	const char *words;
} range_options[] = {
    {"subtype_opclass", "SUBTYPE_OPCLASS"},
    {"collation", "COLLATION"},
    {"canonical", "CANONICAL"},
    {"subtype_diff", "SUBTYPE_DIFF"},
    {"multirange", "MULTIRANGE_TYPE_NAME"},
};

static void create_range_type(struct change_plan *plan, struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};

	name_type_first(plan, node);
	buffer_printf(&text, "CREATE TYPE %s AS RANGE (\n    SUBTYPE = %s", node->after->identity,
	              node_attribute(node, "subtype"));
	for (size_t i = 0; i < sizeof(range_options) / sizeof(*range_options); i++) {
		const char *value = node_attribute(node, range_options[i].attribute);

		if (value)
			buffer_printf(&text, ",\n    %s = %s", range_options[i].words, value);
	}
	(void)plan_add(plan, node, ROLE_CREATE, "%s\n)", buffer_cstr(&text));
}

const struct kind_rules domain_rules = {.create = create_domain, .drop = drop_type, .facts = domain_facts};
const struct kind_rules composite_type_rules = {
    .create = create_composite_type, .drop = drop_type, .facts = no_facts};
const struct kind_rules range_type_rules = {
    .create = create_range_type, .drop = drop_type, .facts = no_facts};
const struct kind_rules type_attribute_rules = {
    .create = create_type_attribute, .drop = drop_type_attribute, .facts = type_attribute_facts};
