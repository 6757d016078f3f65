/*
 * How values of one type become values of another. The server does it by itself where there is a cast for
 * assignments, and that is left to it: it complains of what does not fit, where a cast that is written out
 * would cut it off. Where a cast is only there for who asks, it is asked for; and where none is known, the
 * way is by text, which every type can be read from.
 *
 * The casts of the server itself are in no catalog that is read; those that count are below.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* Each can be assigned to each of its group. */
static const struct {
	const char *type;
	int group;
} groups[] = {
    {"smallint", 1},
    {"integer", 1},
    {"bigint", 1},
    {"real", 1},
    {"double precision", 1},
    {"numeric", 1},
    {"text", 2},
    {"character varying", 2},
    {"character", 2},
    {"name", 2},
    {"date", 3},
    {"timestamp without time zone", 3},
    {"timestamp with time zone", 3},
    {"json", 4},
    {"jsonb", 4},
    {"inet", 5},
    {"cidr", 5},
    {"bit", 6},
    {"bit varying", 6},
    {"time without time zone", 7},
    {"time with time zone", 7},
    {"xml", 8},
};

enum { GROUP_NUMBER = 1, GROUP_TEXT = 2 };

/* "numeric(10,2)[]" is "numeric". */
static const char *plain_name(struct arena *arena, const char *type)
{
	const size_t open = strcspn(type, "([");
	const char *rest = type[open] == '(' ? strchr(type + open, ')') + 1 : type + open;

	return arena_printf(arena, "%.*s%.*s", (int)open, type, (int)strcspn(rest, "["), rest);
}

static bool is_array(const char *type)
{
	return str_ends(str_of(type), "[]");
}

static int group_of(const char *name)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (strcmp(groups[i].type, name) == 0)
			return groups[i].group;
	return 0;
}

const char *type_behind_domains(const struct catalog *catalog, const char *type)
{
	const struct object *domain;

	while ((domain = catalog_find(catalog, OBJECT_DOMAIN, type)))
		type = object_attribute(domain, "type");
	return type;
}

static const struct object *cast_of(const struct change_plan *plan, const char *before, const char *after)
{
	const char *name = arena_printf(plan->arena, "%s as %s", before, after);
	const struct change_node *node = plan_node(plan, catalog_find(plan->from, OBJECT_CAST, name));

	return node && !node_goes(node) ? node->before : NULL;
}

bool type_is_assigned(const struct change_plan *plan, const char *before, const char *after)
{
	const char *from = type_behind_domains(plan->from, before);
	const char *to = type_behind_domains(plan->to, after);
	const char *left = plain_name(plan->arena, from);
	const char *right = plain_name(plan->arena, to);
	const struct object *cast = cast_of(plan, before, after);

	if (cast && strcmp(object_attribute(cast, "context"), "explicit") != 0)
		return true;
	if (!is_array(to) && group_of(right) == GROUP_TEXT)
		return true;
	if (is_array(from) != is_array(to))
		return false;
	return strcmp(left, right) == 0 || group_of(right) == GROUP_TEXT ||
	       (group_of(left) && group_of(left) == group_of(right));
}

/* There is a cast for who asks for it. */
static bool is_cast(const struct change_plan *plan, const char *before, const char *after)
{
	const int left = group_of(plain_name(plan->arena, type_behind_domains(plan->from, before)));

	if (cast_of(plan, before, after))
		return true;
	if (is_array(before) != is_array(after))
		return false;
	return left == GROUP_TEXT || (strcmp(before, "boolean") == 0 && strcmp(after, "integer") == 0) ||
	       (strcmp(before, "integer") == 0 && strcmp(after, "boolean") == 0);
}

const char *type_by_text(struct arena *arena, const char *name, const char *type)
{
	return arena_printf(arena, "%s::text%s::%s", name, is_array(type) ? "[]" : "", type);
}

const char *type_conversion(const struct change_plan *plan, const char *name, const char *before,
                            const char *after)
{
	if (type_is_assigned(plan, before, after))
		return NULL;
	if (is_cast(plan, before, after))
		return arena_printf(plan->arena, "%s::%s", name, after);
	if (is_array(after) && !is_array(before))
		return arena_printf(plan->arena, "array[%s]::%s", name, after);
	return is_array(before) != is_array(after) ? arena_printf(plan->arena, "%s::text::%s", name, after)
	                                           : type_by_text(plan->arena, name, after);
}

bool type_keeps_operators(const struct change_plan *plan, const char *before, const char *after)
{
	const char *left = plain_name(plan->arena, type_behind_domains(plan->from, before));
	const char *right = plain_name(plan->arena, type_behind_domains(plan->to, after));

	return strcmp(left, right) == 0 || (group_of(left) && group_of(left) == group_of(right));
}
