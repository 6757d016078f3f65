/*
 * What is granted on an object is told in two ways: its own list, or none, which stands for what such an
 * object has from the start (acldefault): everything for its owner, and for PUBLIC what the table below says.
 * A new object also has what default privileges of the role that makes it give. Both are written out as
 * sets of single privileges, and the difference is granted and revoked.
 *
 * An owner's own privileges are part of it: they can be revoked, and then a list without them is what has to
 * come out. Who granted something counts where it was not the owner: only that role can do it again.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static const struct grant_kind grant_kinds[] = {
    {OBJECT_SCHEMA, "SCHEMA", "CREATE, USAGE", NULL, "schemas"},
    {OBJECT_LANGUAGE, "LANGUAGE", "USAGE", "USAGE", NULL},
    {OBJECT_BASE_TYPE, "TYPE", "USAGE", "USAGE", "types"},
    {OBJECT_ENUM, "TYPE", "USAGE", "USAGE", "types"},
    {OBJECT_DOMAIN, "TYPE", "USAGE", "USAGE", "types"},
    {OBJECT_COMPOSITE_TYPE, "TYPE", "USAGE", "USAGE", "types"},
    {OBJECT_RANGE_TYPE, "TYPE", "USAGE", "USAGE", "types"},
    {OBJECT_FUNCTION, "FUNCTION", "EXECUTE", "EXECUTE", "functions"},
    {OBJECT_PROCEDURE, "PROCEDURE", "EXECUTE", "EXECUTE", "functions"},
    {OBJECT_AGGREGATE, "FUNCTION", "EXECUTE", "EXECUTE", "functions"},
    {OBJECT_FOREIGN_DATA_WRAPPER, "FOREIGN DATA WRAPPER", "USAGE", NULL, NULL},
    {OBJECT_SERVER, "FOREIGN SERVER", "USAGE", NULL, NULL},
    {OBJECT_SEQUENCE, "SEQUENCE", "SELECT, UPDATE, USAGE", NULL, "sequences"},
    {OBJECT_TABLE, "TABLE", "DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE", NULL,
     "tables"},
    {OBJECT_FOREIGN_TABLE, "TABLE", "DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE",
     NULL, "tables"},
    {OBJECT_VIEW, "TABLE", "DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE", NULL,
     "tables"},
    {OBJECT_MATERIALIZED_VIEW, "TABLE",
     "DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE", NULL, "tables"},
    {OBJECT_COLUMN, "TABLE", "", NULL, NULL},
    {OBJECT_KIND_COUNT, "LARGE OBJECT", "SELECT, UPDATE", NULL, "large objects"}, /* data: no kind */
};

static const struct grant_kind *kind_of(const struct object *object)
{
	for (size_t i = 0; i < sizeof(grant_kinds) / sizeof(*grant_kinds); i++)
		if (object->kind == &object_kinds[grant_kinds[i].kind])
			return &grant_kinds[i];
	return NULL;
}

const struct grant_kind *grant_kind_of_default(const char *words)
{
	for (size_t i = 0; i < sizeof(grant_kinds) / sizeof(*grant_kinds); i++)
		if (grant_kinds[i].default_words && strcmp(grant_kinds[i].default_words, words) == 0)
			return &grant_kinds[i];
	return NULL;
}

void set_add_usual(const struct change_plan *plan, struct privilege_set *set, const struct grant_kind *kind)
{
	set_add(plan->arena, set, "@owner", NULL, kind->all, plan_major(plan));
	set_add(plan->arena, set, "", NULL, kind->public, plan_major(plan));
}

static struct privilege_set set_of(const struct change_plan *plan, const struct object *object,
                                   const struct grant_kind *kind)
{
	struct privilege_set set = {0};

	if (object->has_grants)
		set_add_list(plan->arena, &set, object, plan_major(plan));
	else
		set_add_usual(plan, &set, kind);
	return set;
}

/* --- default privileges ----------------------------------------------------- */

static const struct object *default_privileges(const struct change_plan *plan, const struct grant_kind *kind,
                                               const char *schema)
{
	const char *name =
	    schema
	        ? arena_printf(plan->arena, "for %s in %s on %s", plan->from->self, schema, kind->default_words)
	        : arena_printf(plan->arena, "for %s on %s", plan->from->self, kind->default_words);

	return catalog_find(plan->from, OBJECT_DEFAULT_PRIVILEGES, name);
}

/* A list for the whole database stands in place of the usual; one of a schema adds to it. */
static struct privilege_set set_of_new(const struct change_plan *plan, const struct object *object,
                                       const struct grant_kind *kind)
{
	struct privilege_set set = {0};
	const struct object *whole = kind->default_words ? default_privileges(plan, kind, NULL) : NULL;
	const struct object *schema =
	    kind->default_words && object->schema ? default_privileges(plan, kind, object->schema) : NULL;

	if (whole)
		set_add_list(plan->arena, &set, whole, plan_major(plan));
	else
		set_add_usual(plan, &set, kind);
	if (schema)
		set_add_list(plan->arena, &set, schema, plan_major(plan));
	return set;
}

/* --- statements ----------------------------------------------------------- */

static const char *target_of(const struct change_plan *plan, const struct change_node *node,
                             const struct grant_kind *kind)
{
	const struct object *object = node_is(node, OBJECT_COLUMN) ? node->after->parent : node->after;

	return arena_printf(plan->arena, "%s %s", kind->words, object->identity);
}

static const char *owner_of(const struct change_plan *plan, const struct change_node *node)
{
	const struct object *owned = node->after->owner ? node->after : node->after->parent;
	const bool is_own = owned && owned->owner && strcmp(owned->owner, plan->to->self) == 0;

	return is_own ? plan->from->self : owned ? owned->owner : NULL;
}

void write_grants(struct change_plan *plan, struct change_node *node)
{
	const struct grant_kind *kind = kind_of(node->after);
	const struct object *before = node_comes(node) ? NULL : node->before;

	if (!kind || (before && !(node->change && object_change_fact(node->change, "grants"))))
		return;
	const struct privilege_set had =
	    before ? set_of(plan, before, kind) : set_of_new(plan, node->after, kind);
	const struct privilege_set wanted = set_of(plan, node->after, kind);
	const struct grant_text grant = {.prefix = "",
	                                 .target = target_of(plan, node, kind),
	                                 .column = node_is(node, OBJECT_COLUMN) ? node->after->name : NULL,
	                                 .all = kind->all,
	                                 .owner = owner_of(plan, node),
	                                 .role = ROLE_REMARK,
	                                 .stage = STAGE_DEFINE};
	write_privileges(plan, node, &grant, &had, &wanted);
}
