/*
 * Objects of both catalogs in one list: the generator finds everything by kind and identity, so it does not
 * matter which of the two an object is from. Where both have it the one of the files is taken, with the facts
 * of the live one as far as the files do not decide about it; its edges are then those of the files, which
 * every replacement starts from.
 */
#include "command/converge/merged_catalog.h"

#include <string.h>

#include "catalog/object_pattern.h"

/* --- who decides ------------------------------------------------------------- */

static const struct object *find_same(const struct catalog *catalog, const struct object *object)
{
	return catalog_find(catalog, object_kind_number(object->kind), object->identity);
}

static bool has_added_ancestor(const struct merging *merging, const struct object *object)
{
	for (const struct object *parent = object->parent; parent; parent = parent->parent)
		if (find_same(merging->added, parent))
			return true;
	return false;
}

/* The sequence of a column of such a table. */
static bool is_sequence_of_added(const struct merging *merging, const struct object *object)
{
	if (object->kind != &object_kinds[OBJECT_SEQUENCE])
		return false;
	for (uint32_t i = 0; i < object->need_count; i++)
		if ((object->needs[i].type == 'a' || object->needs[i].type == 'i') &&
		    has_added_ancestor(merging, object->needs[i].object))
			return true;
	return false;
}

static bool is_decided(const struct merging *merging, const struct object *object)
{
	if (find_same(merging->made, object))
		return true;
	return !find_same(merging->built, object) &&
	       !object_patterns_match(merging->left_alone, object->identity) &&
	       (has_added_ancestor(merging, object) || is_sequence_of_added(merging, object));
}

/* --- merging ----------------------------------------------------------------- */

/* Who was granted what may have been said beside the files, and so may who owns it. */
static void keep_owner(struct object *object, const struct object *live)
{
	object->owner = live->owner;
	object->grants = live->grants;
	object->grant_count = live->grant_count;
	object->has_grants = live->has_grants;
	object->labels = live->labels;
	object->label_count = live->label_count;
}

static void keep_facts(struct object *object, const struct object *live)
{
	keep_owner(object, live);
	object->definition = live->definition;
	object->comment = live->comment;
	object->attributes = live->attributes;
	object->attribute_count = live->attribute_count;
}

/* Nobody creates it along with its parent. */
static void unlink_child(struct object *object)
{
	struct object **at = object->parent ? &object->parent->first_child : NULL;

	while (at && *at && *at != object)
		at = &(*at)->next_sibling;
	if (at && *at)
		*at = object->next_sibling;
}

static void put(const struct merging *merging, struct catalog *out, struct object *live, struct object *built)
{
	const bool is_of_files = is_decided(merging, built ? built : live);

	if (built && live && is_of_files)
		keep_owner(built, live);
	else if (built && live)
		keep_facts(built, live);
	else if (built && !is_of_files)
		unlink_child(built);
	if ((built && (live || is_of_files)) || (!built && !is_of_files))
		out->objects[out->count++] = built ? built : live;
}

void merged_catalog_make(const struct merging *merging, struct catalog *out)
{
	const struct catalog *live = merging->live;
	const struct catalog *built = merging->built;
	struct catalog merged = *live;
	size_t i = 0;
	size_t j = 0;

	merged.objects = arena_array(merging->arena, struct object *, live->count + built->count + 1);
	merged.count = 0;
	while (i < live->count || j < built->count) {
		const int order = i == live->count    ? 1
		                  : j == built->count ? -1
		                                      : object_compare(&live->objects[i], &built->objects[j]);

		put(merging, &merged, order <= 0 ? live->objects[i] : NULL, order >= 0 ? built->objects[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	*out = merged;
}

void merged_catalog_decided(const struct merging *merging, const struct catalog *catalog, struct catalog *out)
{
	struct catalog decided = *catalog;

	decided.objects = arena_array(merging->arena, struct object *, catalog->count + 1);
	decided.count = 0;
	for (size_t i = 0; i < catalog->count; i++)
		if (is_decided(merging, catalog->objects[i]))
			decided.objects[decided.count++] = catalog->objects[i];
	*out = decided;
}
