/*
 * The name that the server gives to an index it makes by itself, for a partition of its parent's: as
 * PostgreSQL's ChooseIndexName() and makeObjectName() do it, for what is over columns and calls of functions.
 * Of anything else no name is known, and the index is then made by a statement of its own, as it is where it
 * has another name.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

enum { NAME_SIZE = 63 };

/* Without quotes, and doubled ones inside them. */
static const char *bare(struct arena *arena, struct str name)
{
	struct buffer text = {.arena = arena};

	if (!str_starts(name, "\""))
		return str_copy(arena, name);
	for (size_t i = 1; i + 1 < name.len; i++) {
		buffer_char(&text, name.text[i]);
		i += name.text[i] == '"';
	}
	return buffer_cstr(&text);
}

static size_t name_length(struct str item)
{
	bool is_quoted = false;

	for (size_t i = 0; i < item.len; i++) {
		is_quoted ^= item.text[i] == '"';
		if (!is_quoted && strchr(" (.", item.text[i]))
			return i;
	}
	return item.len;
}

/* "a", "lower" of "lower(a)"; NULL where it is not so simple. */
static const char *part_name(struct arena *arena, struct str item)
{
	struct str rest = item;
	size_t len = name_length(rest);

	while (len && len < rest.len && rest.text[len] == '.') {
		rest = str_slice(rest, len + 1, rest.len);
		len = name_length(rest);
	}
	return len ? bare(arena, str_slice(rest, 0, len)) : NULL;
}

static bool add_parts(struct buffer *names, struct str list)
{
	struct str item;

	while (item_list_next(&list, &item)) {
		const char *name = part_name(names->arena, item);

		if (!name)
			return false;
		buffer_printf(names, "_%s", name);
	}
	return true;
}

/* What is in the parentheses that open there. */
static struct str in_parentheses(const char *open)
{
	const char *at = open;
	int depth = 0;

	for (; *at; at++) {
		depth += (*at == '(') - (*at == ')');
		if (!depth)
			return str_slice(str_of(open), 1, (size_t)(at - open));
	}
	return STR("");
}

/* Longer ones lose their ends, the longer of both first. */
static const char *fitted(struct arena *arena, const char *table, const char *names, const char *label)
{
	const size_t most = NAME_SIZE - strlen(label) - (*names != '\0');
	size_t left = strlen(table);
	size_t right = *names ? strlen(names) - 1 : 0;

	while (left + right > most) {
		if (left > right)
			left--;
		else
			right--;
	}
	return arena_printf(arena, "%.*s%.*s%s", (int)left, table, *names ? (int)right + 1 : 0, names, label);
}

static const char *label_of(const struct object *index, const char *constraint)
{
	if (!object_attribute(index, "constraint"))
		return "_idx";
	return !constraint ? NULL : strcmp(constraint, "exclude") == 0 ? "_excl" : "_key";
}

bool index_is_usual(const struct change_plan *plan, const struct object *index, const char *constraint)
{
	const char *table = bare(plan->arena, str_of(index->parent->name));
	const char *open = strchr(index->definition, '(');
	const char *include = strstr(index->definition, " INCLUDE (");
	const char *name = bare(plan->arena, str_of(index->name));
	struct buffer names = {.arena = plan->arena};

	if (constraint && strcmp(constraint, "primary key") == 0)
		return strcmp(name, fitted(plan->arena, table, "", "_pkey")) == 0;
	const char *label = label_of(index, constraint);
	if (!label || !open || !add_parts(&names, in_parentheses(open)) ||
	    (include && !add_parts(&names, in_parentheses(include + strlen(" INCLUDE ")))))
		return false;
	return strcmp(name, fitted(plan->arena, table, buffer_cstr(&names), label)) == 0;
}

bool not_null_is_usual(const struct change_plan *plan, const struct object *constraint)
{
	const struct object *column = constraint->parent;
	const char *table = bare(plan->arena, str_of(column->parent->name));
	const char *names = arena_printf(plan->arena, "_%s", bare(plan->arena, str_of(column->name)));

	return strcmp(bare(plan->arena, str_of(object_attribute(constraint, "real_name"))),
	              fitted(plan->arena, table, names, "_not_null")) == 0;
}
