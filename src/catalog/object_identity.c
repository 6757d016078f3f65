/*
 * An identity is unique among the objects of a kind, and says no more than it must: schema and name, or those
 * of the parent and the name; a function's arguments by type. Made here and not by the queries, as the texts
 * of schemas and tables would travel once for each column.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

static const char *make_identity(struct catalog_reading *reading, const struct found_object *found)
{
	const struct object *object = found->object;
	const char *within = object->schema ? object->schema : object->parent ? object->parent->identity : NULL;
	const char *tail = found->tail ? found->tail : "";

	if (!object->name)
		return within ? within : "";
	if (!within)
		return *tail ? arena_printf(reading->arena, "%s%s", object->name, tail) : object->name;
	return arena_printf(reading->arena, "%s.%s%s", within, object->name, tail);
}

static void name_object(struct catalog_reading *reading, struct found_object *found)
{
	struct object *object = found->object;
	const struct address_entry *schema =
	    address_map_find(&reading->map, (struct catalog_address){CLASS_SCHEMA, found->schema, 0});

	if (schema && schema->object)
		object->schema = schema->object->name;
	if (found->parent.class)
		object->parent = address_map_resolve(&reading->map, found->parent);
	object->identity = make_identity(reading, found);
}

/*
 * In the order of the queries a parent comes before its children, but for a composite type's attributes,
 * which follow it too, and a domain's constraints: types were read before all of them.
 */
void reading_name_objects(struct catalog_reading *reading)
{
	for (size_t i = 0; i < reading->count; i++)
		name_object(reading, &reading->found[i]);
}
