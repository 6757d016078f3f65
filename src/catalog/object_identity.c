/*
 * An identity is unique among the objects of a kind, and says no more than it must: schema and name, or those
 * of the parent and the name; a function's arguments by type. Made here and not by the queries, as the texts
 * of schemas and tables would travel once for each column.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

static const char *join(struct arena *arena, struct str within, struct str name, struct str tail)
{
	char *text = arena_alloc(arena, within.len + name.len + tail.len + 2);
	char *end = text;

	if (within.len) {
		end = mempcpy(end, within.text, within.len);
		*end++ = '.';
	}
	end = mempcpy(end, name.text, name.len);
	(void)mempcpy(end, tail.text, tail.len);
	return text;
}

const char *object_identity_make(const struct object *object, const char *tail, const char *parent,
                                 struct arena *arena)
{
	const char *within = object->schema ? object->schema : parent;

	if (!object->name)
		return within ? within : "";
	return join(arena, str_of(within ? within : ""), str_of(object->name), str_of(tail ? tail : ""));
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
	object->identity = object_identity_make(object, found->tail,
	                                        object->parent ? object->parent->identity : NULL, reading->arena);
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
