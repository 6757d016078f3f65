/*
 * Sets of single privileges, and the statements that lead from one to another: what is not in the other is
 * revoked, what is new is granted, those of one grantee in one statement.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

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

void set_add(struct arena *arena, struct privilege_set *set, const char *grantee, const char *grantor,
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

void set_add_list(struct arena *arena, struct privilege_set *set, const struct object *object, int major)
{
	for (uint32_t i = 0; i < object->grant_count; i++)
		set_add(arena, set, object->grants[i].grantee, object->grants[i].grantor,
		        object->grants[i].privileges, major);
}

/* --- statements ----------------------------------------------------------- */

/* Whether both are written by one statement. */
static bool goes_with(const struct privilege *a, const struct privilege *b)
{
	return a->is_grantable == b->is_grantable && is_same_text(a->grantee, b->grantee) &&
	       is_same_text(a->grantor, b->grantor);
}

/* Several, and all that there are: "ALL". */
static bool is_all(const struct change_plan *plan, const struct grant_text *grant,
                   const struct privilege_set *set, const struct privilege *first)
{
	struct privilege_set all = {0};
	size_t count = 0;

	set_add(plan->arena, &all, "", NULL, grant->all, plan_major(plan));
	for (size_t i = 0; i < set->count; i++)
		count += goes_with(&set->items[i], first);
	return count > 1 && count == all.count;
}

/* "SELECT, UPDATE", of a column "SELECT (a), UPDATE (a)". */
static void add_privileges(struct buffer *text, const struct grant_text *grant,
                           const struct privilege_set *set, const struct privilege *first)
{
	bool is_any = false;

	for (const struct privilege *p = first; p < set->items + set->count; p++) {
		if (!goes_with(p, first))
			continue;
		buffer_printf(text, "%s%.*s", is_any ? ", " : "", STR_ARGS(p->name));
		if (grant->column)
			buffer_printf(text, " (%s)", grant->column);
		is_any = true;
	}
}

static bool is_first(const struct privilege_set *set, size_t at)
{
	const struct privilege *p = &set->items[at];

	for (size_t i = 0; i < at; i++)
		if (goes_with(&set->items[i], p))
			return false;
	return true;
}

enum grant_form { GRANT, REVOKE, REVOKE_OPTION };

/* What is granted to PUBLIC, or to the owner, whose name the catalog of another database does not have. */
static const char *grantee_name(const struct grant_text *grant, const char *grantee)
{
	if (strcmp(grantee, "@owner") == 0)
		return grant->owner;
	return *grantee ? grantee : "PUBLIC";
}

static struct plan_statement *add_statement(struct change_plan *plan, struct change_node *node,
                                            const struct grant_text *grant, const char *sql)
{
	struct plan_statement *statement = plan_add(plan, node, grant->role, "%s", sql);

	statement->stage = grant->stage;
	return statement;
}

/* A grant that another role gave is given by that role again. */
static void write_one(struct change_plan *plan, struct change_node *node, const struct grant_text *grant,
                      const struct privilege_set *set, size_t at, enum grant_form form)
{
	static const char *const words[][2] = {
	    {"GRANT", "TO"}, {"REVOKE", "FROM"}, {"REVOKE GRANT OPTION FOR", "FROM"}};
	const struct privilege *first = &set->items[at];
	const char *grantee = grantee_name(grant, first->grantee);
	struct buffer text = {.arena = plan->arena};

	if (!grantee) {
		plan_unmodelled(plan, node, "privileges of its owner");
		return;
	}
	buffer_printf(&text, "%s%s ", grant->prefix, words[form][0]);
	if (is_all(plan, grant, set, first))
		buffer_text(&text, "ALL");
	else
		add_privileges(&text, grant, set, first);
	buffer_printf(&text, " ON %s %s %s", grant->target, words[form][1], grantee);
	if (form == GRANT && first->is_grantable)
		buffer_text(&text, " WITH GRANT OPTION");
	if (first->grantor)
		(void)add_statement(plan, node, grant,
		                    arena_printf(plan->arena, "SET LOCAL ROLE %s", first->grantor));
	add_statement(plan, node, grant, buffer_cstr(&text))->public.hazards |= HAZARD_SECURITY;
	if (first->grantor)
		(void)add_statement(plan, node, grant, "RESET ROLE");
}

static void write_set(struct change_plan *plan, struct change_node *node, const struct grant_text *grant,
                      const struct privilege_set *set, enum grant_form form)
{
	for (size_t i = 0; i < set->count; i++)
		if (is_first(set, i))
			write_one(plan, node, grant, set, i, form);
}

void write_privileges(struct change_plan *plan, struct change_node *node, const struct grant_text *grant,
                      const struct privilege_set *before, const struct privilege_set *after)
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
	write_set(plan, node, grant, &gone, REVOKE);
	write_set(plan, node, grant, &option_gone, REVOKE_OPTION);
	write_set(plan, node, grant, &come, GRANT);
}
