/*
 * Column order is in every database and cannot be had back by a rollback, so it counts by itself, and only
 * where nothing else differs: what a column moved past would be told for each of those behind it.
 *
 * Of what is of no known kind only the name can be compared, which is better than to say nothing.
 */
#include "command/test/schema_difference.h"

#include <string.h>

#include "catalog/catalog_changes.h"
#include "catalog/changes_text.h"

enum { PARTS = PARTS_USUAL | PART_TABLESPACE, MOST_OBJECTS = 20 };

bool schema_has_unknown(const struct catalog *catalog, const char *name)
{
	for (size_t i = 0; i < catalog->unmodelled_count; i++)
		if (strcmp(catalog->unmodelled[i], name) == 0)
			return true;
	return false;
}

/* Adds those of `catalog` that `other` does not have; how many they are. */
static size_t unknown_beyond(const struct catalog *catalog, const struct catalog *other, char sign,
                             struct buffer *out)
{
	size_t count = 0;

	for (size_t i = 0; i < catalog->unmodelled_count; i++) {
		if (schema_has_unknown(other, catalog->unmodelled[i]))
			continue;
		buffer_printf(out, "%c %s\n", sign, catalog->unmodelled[i]);
		count++;
	}
	return count;
}

static bool is_same(const struct catalog *before, const struct catalog *after, int parts)
{
	scoped_arena struct arena arena = {0};
	struct buffer ignored = {.arena = &arena};
	struct catalog_changes changes;

	catalog_compare(before, after, parts, &arena, &changes);
	return changes.count == 0 && unknown_beyond(before, after, '-', &ignored) == 0 &&
	       unknown_beyond(after, before, '+', &ignored) == 0;
}

enum schema_difference schema_compare(const struct catalog *before, const struct catalog *after)
{
	if (!is_same(before, after, PARTS))
		return SCHEMA_DIFFERS;
	return is_same(before, after, PARTS | PART_COLUMN_ORDER) ? SCHEMA_SAME : SCHEMA_REORDERED;
}

const char *schema_difference_text(const struct catalog *before, const struct catalog *after,
                                   struct arena *arena)
{
	const bool is_order = schema_compare(before, after) == SCHEMA_REORDERED;
	struct buffer text = {.arena = arena};
	struct catalog_changes changes;

	catalog_compare(before, after, is_order ? PARTS | PART_COLUMN_ORDER : PARTS, arena, &changes);
	changes_text(&changes, MOST_OBJECTS, &text);
	(void)unknown_beyond(before, after, '-', &text);
	(void)unknown_beyond(after, before, '+', &text);
	return buffer_cstr(&text);
}
