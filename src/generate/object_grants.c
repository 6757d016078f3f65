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

struct privilege {
	const char *grantee; /* "" PUBLIC, "@owner" */
	const char *grantor; /* NULL: the owner */
	struct str name;
	bool is_grantable;
};

struct privilege_set {
	struct privilege *items;
	size_t count;
};

struct grant_kind {
	enum object_kind_number kind;
	const char *words;         /* GRANT ... ON words */
	const char *all;           /* of the owner from the start */
	const char *public;        /* NULL: nothing */
	const char *default_words; /* as default privileges are named; NULL for none */
};

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
};

static const struct grant_kind *kind_of(const struct object *object)
{
	for (size_t i = 0; i < sizeof(grant_kinds) / sizeof(*grant_kinds); i++)
		if (object->kind == &object_kinds[grant_kinds[i].kind])
			return &grant_kinds[i];
	return NULL;
}

/* --- sets ----------------------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct privilege *set_find(const struct privilege_set *set, const struct privilege *wanted)
{
	for (size_t i = 0; i < set->count; i++)
		if (is_same_text(set->items[i].grantee, wanted->grantee) &&
		    is_same_text(set->items[i].grantor, wanted->grantor) &&
		    str_equal(set->items[i].name, wanted->name))
			return &set->items[i];
	return NULL;
}

static void set_add(struct arena *arena, struct privilege_set *set, const char *grantee, const char *grantor,
                    const char *privileges, int major)
{
	struct str rest = str_of(privileges ? privileges : "");
	struct str name;
	struct str none;

	while (option_list_next(&rest, &name, &none)) {
		const bool is_grantable = str_ends(name, "*");
		struct privilege privilege = {grantee, grantor, str_slice(name, 0, name.len - is_grantable),
		                              is_grantable};
		struct privilege *found = set_find(set, &privilege);

		if (str_is(privilege.name, "MAINTAIN") && major < 17)
			continue;
		if (!found)
			found = ARENA_PUSH(arena, set->items, set->count);
		*found = privilege;
	}
}

static void set_add_list(struct arena *arena, struct privilege_set *set, const struct object *object,
                         int major)
{
	for (uint32_t i = 0; i < object->grant_count; i++)
		set_add(arena, set, object->grants[i].grantee, object->grants[i].grantor,
		        object->grants[i].privileges, major);
}

static void set_add_usual(const struct change_plan *plan, struct privilege_set *set,
                          const struct grant_kind *kind)
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

/* "SELECT, UPDATE", of a column "SELECT (a), UPDATE (a)". */
static void add_privileges(struct buffer *text, const struct change_node *node,
                           const struct privilege_set *set, const struct privilege *first, bool only_option)
{
	bool is_any = false;

	for (const struct privilege *p = first; p < set->items + set->count; p++) {
		if (p->is_grantable != first->is_grantable || !is_same_text(p->grantee, first->grantee) ||
		    !is_same_text(p->grantor, first->grantor))
			continue;
		buffer_printf(text, "%s%.*s", is_any ? ", " : "", STR_ARGS(p->name));
		if (node_is(node, OBJECT_COLUMN))
			buffer_printf(text, " (%s)", node->after->name);
		is_any = true;
	}
	(void)only_option;
}

static bool is_first(const struct privilege_set *set, size_t at)
{
	const struct privilege *p = &set->items[at];

	for (size_t i = 0; i < at; i++)
		if (set->items[i].is_grantable == p->is_grantable &&
		    is_same_text(set->items[i].grantee, p->grantee) &&
		    is_same_text(set->items[i].grantor, p->grantor))
			return false;
	return true;
}

static const char *target_of(const struct change_plan *plan, const struct change_node *node,
                             const struct grant_kind *kind)
{
	const struct object *object = node_is(node, OBJECT_COLUMN) ? node->after->parent : node->after;

	return arena_printf(plan->arena, "%s %s", kind->words, object->identity);
}

static const char *role_of(const struct change_plan *plan, const struct change_node *node,
                           const char *grantee)
{
	const struct object *owned = node->after->owner ? node->after : node->after->parent;
	const bool is_own = owned && owned->owner && strcmp(owned->owner, plan->to->self) == 0;

	if (strcmp(grantee, "@owner") != 0)
		return *grantee ? grantee : "PUBLIC";
	return is_own ? plan->from->self : owned->owner;
}

enum grant_form { GRANT, REVOKE, REVOKE_OPTION };

/* A grant that another role gave is given by that role again. */
static void write_one(struct change_plan *plan, struct change_node *node, const struct grant_kind *kind,
                      const struct privilege_set *set, size_t at, enum grant_form form)
{
	static const char *const words[][2] = {
	    {"GRANT", "TO"}, {"REVOKE", "FROM"}, {"REVOKE GRANT OPTION FOR", "FROM"}};
	const struct privilege *first = &set->items[at];
	struct buffer text = {.arena = plan->arena};

	buffer_printf(&text, "%s ", words[form][0]);
	add_privileges(&text, node, set, first, form == REVOKE_OPTION);
	buffer_printf(&text, " ON %s %s %s", target_of(plan, node, kind), words[form][1],
	              role_of(plan, node, first->grantee));
	if (form == GRANT && first->is_grantable)
		buffer_text(&text, " WITH GRANT OPTION");
	if (first->grantor)
		(void)plan_add(plan, node, ROLE_REMARK, "SET LOCAL ROLE %s", first->grantor);
	plan_add(plan, node, ROLE_REMARK, "%s", buffer_cstr(&text))->public.hazards |= HAZARD_SECURITY;
	if (first->grantor)
		(void)plan_add(plan, node, ROLE_REMARK, "RESET ROLE");
}

static void write_set(struct change_plan *plan, struct change_node *node, const struct grant_kind *kind,
                      const struct privilege_set *set, enum grant_form form)
{
	for (size_t i = 0; i < set->count; i++)
		if (is_first(set, i))
			write_one(plan, node, kind, set, i, form);
}

static void write_difference(struct change_plan *plan, struct change_node *node,
                             const struct grant_kind *kind, const struct privilege_set *before,
                             const struct privilege_set *after)
{
	struct privilege_set gone = {0};
	struct privilege_set option_gone = {0};
	struct privilege_set come = {0};

	for (size_t i = 0; i < before->count; i++) {
		const struct privilege *kept = set_find(after, &before->items[i]);

		if (!kept)
			*ARENA_PUSH(plan->arena, gone.items, gone.count) = before->items[i];
		else if (before->items[i].is_grantable && !kept->is_grantable)
			*ARENA_PUSH(plan->arena, option_gone.items, option_gone.count) = *kept;
	}
	for (size_t i = 0; i < after->count; i++) {
		const struct privilege *had = set_find(before, &after->items[i]);

		if (!had || (after->items[i].is_grantable && !had->is_grantable))
			*ARENA_PUSH(plan->arena, come.items, come.count) = after->items[i];
	}
	write_set(plan, node, kind, &gone, REVOKE);
	write_set(plan, node, kind, &option_gone, REVOKE_OPTION);
	write_set(plan, node, kind, &come, GRANT);
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
	write_difference(plan, node, kind, &had, &wanted);
}
