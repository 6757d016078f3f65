/*
 * Whether a column can be changed from one type to another and back without that a value becomes another one.
 * The server is no help: it rounds a number and cuts a time off without a word, and refuses what else does
 * not fit only when it meets it. So a change counts as harmless where it is known to be, and else as one that
 * may lose data.
 */
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"

/* "numeric(10,2)[]" */
struct shape {
	const char *name;
	long modifiers[2];
	int count; /* of modifiers */
	bool is_array;
};

static struct shape shape_of(struct arena *arena, const char *type)
{
	const size_t open = strcspn(type, "([");
	const char *end = type[open] == '(' ? strchr(type + open, ')') : NULL;
	const char *rest = end ? end + 1 : type + open;
	struct shape shape = {.is_array = str_ends(str_of(type), "[]")};

	shape.name = arena_printf(arena, "%.*s%.*s", (int)open, type, (int)strcspn(rest, "["), rest);
	if (!end)
		return shape;
	const char *comma = strchr(type + open, ',');
	shape.modifiers[0] = strtol(type + open + 1, NULL, 10);
	shape.modifiers[1] = comma && comma < end ? strtol(comma + 1, NULL, 10) : 0;
	shape.count = comma && comma < end ? 2 : 1;
	return shape;
}

static bool is_named(const struct shape *shape, const char *name)
{
	return strcmp(shape->name, name) == 0;
}

/* --- the server's types -------------------------------------------------------- */

/* What a modifier says. */
enum measure {
	MEASURE_NONE,
	MEASURE_LENGTH,    /* none is any length */
	MEASURE_PRECISION, /* of seconds; none is six digits */
};

static const struct {
	const char *type;
	enum measure measure;
} measures[] = {
    {"character varying", MEASURE_LENGTH},
    {"character", MEASURE_LENGTH},
    {"bit varying", MEASURE_LENGTH},
    {"timestamp without time zone", MEASURE_PRECISION},
    {"timestamp with time zone", MEASURE_PRECISION},
    {"time without time zone", MEASURE_PRECISION},
    {"time with time zone", MEASURE_PRECISION},
    {"interval", MEASURE_PRECISION},
};

static enum measure measure_of(const struct shape *shape)
{
	for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++)
		if (is_named(shape, measures[i].type))
			return measures[i].measure;
	return MEASURE_NONE;
}

/* Every value of the first is one of the second. */
static const struct {
	const char *before;
	const char *after;
} wider[] = {
    {"smallint", "integer"},
    {"smallint", "bigint"},
    {"smallint", "real"},
    {"smallint", "double precision"},
    {"integer", "bigint"},
    {"integer", "double precision"},
    {"real", "double precision"},
    {"date", "timestamp without time zone"},
    {"date", "timestamp with time zone"},
    {"timestamp without time zone", "timestamp with time zone"},
    {"timestamp with time zone", "timestamp without time zone"},
    {"time without time zone", "time with time zone"},
    {"time without time zone", "interval"},
    {"character", "character varying"},
    {"bit", "bit varying"},
    {"cidr", "inet"},
    {"json", "jsonb"},
    {"jsonb", "json"},
};

static bool is_wider(const struct shape *before, const struct shape *after)
{
	for (size_t i = 0; i < sizeof(wider) / sizeof(*wider); i++)
		if (is_named(before, wider[i].before) && is_named(after, wider[i].after))
			return true;
	return strcmp(before->name, after->name) == 0;
}

/* Seconds of a date are none. */
static long precision_of(const struct shape *shape)
{
	return is_named(shape, "date") ? 0 : shape->count ? shape->modifiers[0] : 6;
}

static bool holds(const struct shape *before, const struct shape *after)
{
	switch (measure_of(after)) {
	case MEASURE_LENGTH:
		return !after->count || (before->count && before->modifiers[0] <= after->modifiers[0]);
	case MEASURE_PRECISION:
		return precision_of(before) <= precision_of(after);
	case MEASURE_NONE:
		break;
	}
	return !after->count || (before->count == after->count && before->modifiers[0] == after->modifiers[0] &&
	                         before->modifiers[1] == after->modifiers[1]);
}

/* Digits before the point; 0 for what is none of these. */
static long whole_digits(const struct shape *shape)
{
	static const struct {
		const char *type;
		long digits;
	} integers[] = {{"smallint", 5}, {"integer", 10}, {"bigint", 19}};

	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
		if (is_named(shape, integers[i].type))
			return integers[i].digits;
	return is_named(shape, "numeric") && shape->count ? shape->modifiers[0] - shape->modifiers[1] : 0;
}

static bool is_in_numeric(const struct shape *before, const struct shape *after)
{
	const long digits = whole_digits(before);

	if (!is_named(after, "numeric") || (!digits && !is_named(before, "numeric")))
		return false;
	return !after->count || (digits && digits <= whole_digits(after) &&
	                         (!is_named(before, "numeric") || before->modifiers[1] <= after->modifiers[1]));
}

static bool is_any_text(const struct shape *shape)
{
	return is_named(shape, "text") || (is_named(shape, "character varying") && !shape->count);
}

/* --- others ------------------------------------------------------------------------ */

static bool has_value(const char *values, struct str wanted)
{
	struct str rest = str_of(values ? values : "");
	struct str value;

	while (item_list_next(&rest, &value))
		if (str_equal(value, wanted))
			return true;
	return false;
}

/* All values of an enum. */
static bool has_values(const struct object *before, const struct object *after)
{
	const char *values = object_attribute(before, "values");
	struct str rest = str_of(values ? values : "");
	struct str value;

	while (item_list_next(&rest, &value))
		if (!has_value(object_attribute(after, "values"), value))
			return false;
	return true;
}

static const struct object *attribute_named(const struct object *type, const char *name)
{
	for (const struct object *child = type->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_ATTRIBUTE] && strcmp(child->name, name) == 0)
			return child;
	return NULL;
}

static bool has_attributes(const struct change_plan *plan, const struct object *before,
                           const struct object *after)
{
	for (const struct object *child = before->first_child; child; child = child->next_sibling) {
		const struct object *other = attribute_named(after, child->name);

		if (child->kind != &object_kinds[OBJECT_ATTRIBUTE])
			continue;
		if (!other ||
		    !type_keeps_values(plan, object_attribute(child, "type"), object_attribute(other, "type")))
			return false;
	}
	return true;
}

/* Types of the user's: enums and composite ones. */
static bool keeps_parts(const struct change_plan *plan, const char *before, const char *after)
{
	const struct object *enum_before = catalog_find(plan->from, OBJECT_ENUM, before);
	const struct object *enum_after = catalog_find(plan->to, OBJECT_ENUM, after);
	const struct object *composite_before = catalog_find(plan->from, OBJECT_COMPOSITE_TYPE, before);
	const struct object *composite_after = catalog_find(plan->to, OBJECT_COMPOSITE_TYPE, after);

	if (enum_before && enum_after)
		return has_values(enum_before, enum_after);
	if (composite_before && composite_after)
		return has_attributes(plan, composite_before, composite_after);
	return !enum_before && !enum_after && !composite_before && !composite_after && strcmp(before, after) == 0;
}

static bool is_of_user(const struct change_plan *plan, const char *type)
{
	return catalog_find(plan->from, OBJECT_ENUM, type) || catalog_find(plan->to, OBJECT_ENUM, type) ||
	       catalog_find(plan->from, OBJECT_COMPOSITE_TYPE, type) ||
	       catalog_find(plan->to, OBJECT_COMPOSITE_TYPE, type);
}

bool type_keeps_values(const struct change_plan *plan, const char *before, const char *after)
{
	const struct shape left = shape_of(plan->arena, type_behind_domains(plan->from, before));
	const struct shape right = shape_of(plan->arena, type_behind_domains(plan->to, after));

	if (!right.is_array && is_any_text(&right))
		return true;
	if (left.is_array && !right.is_array)
		return false;
	if (is_any_text(&right))
		return true;
	if (is_of_user(plan, left.name) || is_of_user(plan, right.name))
		return keeps_parts(plan, left.name, right.name);
	return is_in_numeric(&left, &right) ||
	       (!is_named(&right, "numeric") && is_wider(&left, &right) && holds(&left, &right));
}

/* The server takes the values as they lie there. */
static bool is_stored_alike(const struct shape *before, const struct shape *after)
{
	static const char *const texts[] = {"text", "character varying"};
	bool is_text[2] = {false, false};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		is_text[0] |= is_named(before, texts[i]);
		is_text[1] |= is_named(after, texts[i]);
	}
	if ((is_text[0] && is_text[1]) || (is_named(before, "cidr") && is_named(after, "inet")))
		return true;
	if (strcmp(before->name, after->name) != 0 || is_named(before, "character") || is_named(before, "bit"))
		return false;
	return !is_named(before, "numeric") || !after->count || before->modifiers[1] == after->modifiers[1];
}

int type_change_hazards(const struct change_plan *plan, const char *before, const char *after)
{
	const struct shape left = shape_of(plan->arena, type_behind_domains(plan->from, before));
	const struct shape right = shape_of(plan->arena, type_behind_domains(plan->to, after));
	const bool is_domain = catalog_find(plan->to, OBJECT_DOMAIN, after);

	if (!type_keeps_values(plan, before, after))
		return HAZARD_DATA_LOSS | HAZARD_REWRITE | HAZARD_MAY_FAIL;
	if (is_domain || is_of_user(plan, left.name))
		return HAZARD_REWRITE | HAZARD_MAY_FAIL;
	return left.is_array == right.is_array && is_stored_alike(&left, &right) ? 0 : HAZARD_REWRITE;
}
