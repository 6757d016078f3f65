/*
 * Types. To an enum values can be added; any other change of its values, and any change of a domain's or a
 * range's base, makes another type of it. Where columns use it, the old one is renamed, the new one created,
 * the columns are changed over by way of text, and the old one dropped (is_rebuilt); nothing else would keep
 * their values.
 *
 * A value that was added in a transaction cannot be used before that is committed, so that a part ends behind
 * it.
 */
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"

void drop_type(struct change_plan *plan, struct change_node *node)
{
	const char *name = node->is_rebuilt ? arena_printf(plan->arena, "%s.rung_old_%s", node->before->schema,
	                                                   node->before->name)
	                                    : NULL;

	if (!name) {
		(void)plan_add(plan, node, ROLE_DROP, "DROP %s", object_reference(node->before, plan->arena));
		return;
	}
	(void)plan_add(plan, node, ROLE_RELEASE, "ALTER %s RENAME TO rung_old_%s",
	               object_reference(node->before, plan->arena), node->before->name);
	plan_add(plan, node, ROLE_DROP, "DROP %s %s", object_words(node_object(node)), name)->stage =
	    STAGE_DEFINE;
}

/* --- enums --------------------------------------------------------------------- */

static void create_enum(struct change_plan *plan, struct change_node *node)
{
	const char *labels = node_attribute(node, "labels");

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE TYPE %s AS ENUM (%s)", node->after->identity,
	               labels ? labels : "");
}

/* Whether all labels of `before` are in `after`, in the same order. */
static bool only_adds(const char *before, const char *after)
{
	struct str old = str_of(before ? before : "");
	struct str new = str_of(after ? after : "");
	struct str label;
	struct str other;
	struct str none;

	while (option_list_next(&old, &label, &none)) {
		do {
			if (!option_list_next(&new, &other, &none))
				return false;
		} while (!str_equal(label, other));
	}
	return true;
}

static bool loses_labels(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	(void)plan;
	(void)node;
	return !only_adds(fact->before, fact->after);
}

/* Each new one behind the one before it, the first before what was first. */
static void write_labels(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	struct str old = str_of(fact->before ? fact->before : "");
	struct str rest = str_of(fact->after);
	struct str last = {0};
	struct str old_label = {0};
	struct str label;
	struct str none;

	(void)option_list_next(&old, &old_label, &none);
	while (option_list_next(&rest, &label, &none)) {
		if (str_equal(label, old_label)) {
			if (!option_list_next(&old, &old_label, &none))
				old_label = (struct str){0};
		} else {
			const bool is_last = !old_label.text;
			const struct str neighbour = last.text ? last : old_label;
			const char *where = is_last || !neighbour.text ? "" : last.text ? " AFTER " : " BEFORE ";

			plan_add(plan, node, ROLE_ALTER, "ALTER TYPE %s ADD VALUE %.*s%s%.*s", node->after->identity,
			         STR_ARGS(label), where, (int)(*where ? neighbour.len : 0),
			         neighbour.text ? neighbour.text : "")
			    ->public.hazards |= HAZARD_IRREVERSIBLE;
		}
		last = label;
	}
}

static const struct fact_rule enum_facts[] = {
    {.name = "labels", .write = write_labels, .must_replace = loses_labels},
    {.name = NULL},
};

/* --- domains ------------------------------------------------------------------- */

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
		buffer_text(&text, " NOT NULL");
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
	plan_add(plan, node, ROLE_ALTER, "ALTER DOMAIN %s %s NOT NULL", node->after->identity,
	         fact->after ? "SET" : "DROP")
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

static const struct object *attribute_at(const struct object *type, long position)
{
	for (const struct object *child = type->first_child; child; child = child->next_sibling)
		if (strtol(object_attribute(child, "position"), NULL, 10) == position)
			return child;
	return NULL;
}

static void create_composite_type(struct change_plan *plan, struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};
	const struct object *attribute;

	for (long i = 1; (attribute = attribute_at(node->after, i)); i++) {
		buffer_printf(&text, "%s\n    %s", i > 1 ? "," : "", attribute_text(plan->arena, attribute));
		plan_node(plan, attribute)->comes_with = node;
	}
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE TYPE %s AS (%s%s)", node->after->identity,
	               buffer_cstr(&text), text.len ? "\n" : "");
}

static void create_type_attribute(struct change_plan *plan, struct change_node *node)
{
	if (!node->comes_with)
		(void)plan_add(plan, node, ROLE_CREATE, "ALTER TYPE %s ADD ATTRIBUTE %s",
		               node->after->parent->identity, attribute_text(plan->arena, node->after));
}

static void drop_type_attribute(struct change_plan *plan, struct change_node *node)
{
	struct plan_statement *statement = plan_add(plan, node, ROLE_DROP, "ALTER TYPE %s DROP ATTRIBUTE %s",
	                                            node->before->parent->identity, node->before->name);

	statement->stage = STAGE_LOSE;
	statement->public.hazards |= HAZARD_DATA_LOSS | HAZARD_IRREVERSIBLE;
}

static void write_attribute_type(struct change_plan *plan, struct change_node *node,
                                 const struct fact_change *fact)
{
	const char *collation = node_attribute(node, "collation");

	(void)fact;
	if (!node->is_rewritten)
		(void)plan_add(plan, node, ROLE_ALTER, "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE %s%s%s",
		               node->after->parent->identity, node->after->name, node_attribute(node, "type"),
		               collation ? " COLLATE " : "", collation ? collation : "");
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

	buffer_printf(&text, "CREATE TYPE %s AS RANGE (\n    SUBTYPE = %s", node->after->identity,
	              node_attribute(node, "subtype"));
	for (size_t i = 0; i < sizeof(range_options) / sizeof(*range_options); i++) {
		const char *value = node_attribute(node, range_options[i].attribute);

		if (value)
			buffer_printf(&text, ",\n    %s = %s", range_options[i].words, value);
	}
	(void)plan_add(plan, node, ROLE_CREATE, "%s\n)", buffer_cstr(&text));
}

const struct kind_rules enum_rules = {.create = create_enum, .drop = drop_type, .facts = enum_facts};
const struct kind_rules domain_rules = {.create = create_domain, .drop = drop_type, .facts = domain_facts};
const struct kind_rules composite_type_rules = {
    .create = create_composite_type, .drop = drop_type, .facts = no_facts};
const struct kind_rules range_type_rules = {
    .create = create_range_type, .drop = drop_type, .facts = no_facts};
const struct kind_rules type_attribute_rules = {
    .create = create_type_attribute, .drop = drop_type_attribute, .facts = type_attribute_facts};
