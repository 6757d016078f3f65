/*
 * Values go back into rows by a key. It has to hold all the time between, so it is one that the migration
 * leaves alone; and a table that others inherit from has rows of theirs, for which no key of its own speaks.
 */
#include "command/generate/kept_rows_internal.h"

#include <string.h>

static bool is_key_column(const struct keeping *keeping, const struct object *column)
{
	const struct object *after = catalog_find(keeping->kept->after, OBJECT_COLUMN, column->identity);

	return after && object_attribute(column, "not_null") && object_attribute(after, "not_null") &&
	       strcmp(object_attribute(column, "type"), object_attribute(after, "type")) == 0;
}

/* The columns of a primary or unique key that is on both sides, and never null. */
static struct kept_key read_key(const struct keeping *keeping, const struct object *constraint)
{
	const char *type = object_attribute(constraint, "type");
	struct kept_key key = {0};

	if (!type || (strcmp(type, "primary key") != 0 && strcmp(type, "unique") != 0) ||
	    !catalog_find(keeping->kept->after, OBJECT_CONSTRAINT, constraint->identity))
		return key;
	for (uint32_t i = 0; i < constraint->need_count; i++) {
		const struct object *column = constraint->needs[i].object;

		if (column->kind != &object_kinds[OBJECT_COLUMN] || column->parent != constraint->parent)
			continue;
		if (!is_key_column(keeping, column))
			return (struct kept_key){0};
		*ARENA_PUSH(keeping->arena, key.columns, key.count) = column;
	}
	return key;
}

static bool has_children(const struct object *table)
{
	for (uint32_t i = 0; i < table->needed_by_count; i++) {
		const char *inherits = object_attribute(table->needed_by[i].object, "inherits");

		if (inherits && !object_attribute(table, "partition_key"))
			return true;
	}
	return false;
}

struct kept_key kept_key_find(const struct keeping *keeping, const struct object *table)
{
	struct kept_key found = {0};

	for (const struct object *child = table->first_child; child; child = child->next_sibling) {
		const struct kept_key key =
		    child->kind == &object_kinds[OBJECT_CONSTRAINT] ? read_key(keeping, child) : (struct kept_key){0};
		const bool is_primary = key.count && strcmp(object_attribute(child, "type"), "primary key") == 0;

		if (key.count && (!found.count || is_primary))
			found = key;
	}
	return has_children(table) ? (struct kept_key){0} : found;
}
