/*
 * Two are alike where their texts are equal: of a column its attributes and its default, of a table the
 * columns with their names. Where two old ones or two new ones are alike nothing is said, as there is no way
 * to tell which became which.
 *
 * Names of sequences in defaults are made from the name of the table, so what they are is not looked at.
 */
#include "generate/rename_candidate.h"

#include <string.h>

#include "base/buffer.h"

/* --- what it is like ----------------------------------------------------------- */

static bool is_of_shape(const char *attribute)
{
	static const char *const others[] = {"position", "usual_storage", "tablespace", NULL};

	return !str_is_among(str_of(attribute), others);
}

static void add_default(struct buffer *text, const struct object *column)
{
	for (const struct object *child = column->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_DEFAULT] && child->definition)
			buffer_printf(text, " default %s",
			              strncmp(child->definition, "nextval(", 8) == 0 ? "nextval" : child->definition);
}

static void add_column(struct buffer *text, const struct object *column)
{
	for (uint32_t i = 0; i < column->attribute_count; i++)
		if (is_of_shape(column->attributes[i].name))
			buffer_printf(text, " %s=%s", column->attributes[i].name, column->attributes[i].value);
	add_default(text, column);
}

static const char *shape_of(const struct object *object, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	if (object->kind == &object_kinds[OBJECT_COLUMN]) {
		add_column(&text, object);
		return buffer_cstr(&text);
	}
	for (const struct object *child = object->first_child; child; child = child->next_sibling) {
		if (child->kind != &object_kinds[OBJECT_COLUMN])
			continue;
		buffer_printf(&text, "\n%s", child->name);
		add_column(&text, child);
	}
	return buffer_cstr(&text);
}

/* --- those of one side ------------------------------------------------------------ */

struct lonely {
	const struct object *object;
	const char *place; /* the schema of a table, the table of a column */
	const char *shape;
	size_t alike; /* how many of this side are so, itself included */
};

struct lonely_list {
	struct lonely *items;
	size_t count;
};

static const char *place_of(const struct object *object)
{
	return object->parent ? object->parent->identity : object->schema;
}

/* A table, or a column of a table that is on both sides. */
static bool is_lonely(const struct object *object, const struct catalog *other)
{
	if (object->kind == &object_kinds[OBJECT_TABLE])
		return !catalog_find(other, OBJECT_TABLE, object->identity);
	return object->kind == &object_kinds[OBJECT_COLUMN] &&
	       object->parent->kind == &object_kinds[OBJECT_TABLE] &&
	       catalog_find(other, OBJECT_TABLE, object->parent->identity) &&
	       !catalog_find(other, OBJECT_COLUMN, object->identity);
}

static bool are_alike(const struct lonely *a, const struct lonely *b)
{
	return a->object->kind == b->object->kind && strcmp(a->place, b->place) == 0 &&
	       strcmp(a->shape, b->shape) == 0;
}

static struct lonely_list lonely_of(const struct catalog *catalog, const struct catalog *other,
                                    struct arena *arena)
{
	struct lonely_list list = {0};

	for (size_t i = 0; i < catalog->count; i++) {
		const struct object *object = catalog->objects[i];

		if (is_lonely(object, other))
			*ARENA_PUSH(arena, list.items, list.count) = (struct lonely){
			    .object = object, .place = place_of(object), .shape = shape_of(object, arena)};
	}
	for (size_t i = 0; i < list.count; i++)
		for (size_t k = 0; k < list.count; k++)
			list.items[i].alike += are_alike(&list.items[i], &list.items[k]);
	return list;
}

/* --- one to one --------------------------------------------------------------------- */

static const struct lonely *find_alike(const struct lonely_list *list, const struct lonely *like)
{
	for (size_t i = 0; i < list->count; i++)
		if (are_alike(&list->items[i], like))
			return &list->items[i];
	return NULL;
}

void rename_candidates_find(const struct catalog *from, const struct catalog *to, struct arena *arena,
                            struct rename_candidates *out)
{
	const struct lonely_list old = lonely_of(from, to, arena);
	const struct lonely_list new = old.count ? lonely_of(to, from, arena) : (struct lonely_list){0};

	*out = (struct rename_candidates){0};
	for (size_t i = 0; i < old.count; i++) {
		const struct lonely *mate = find_alike(&new, &old.items[i]);

		if (!mate || mate->alike > 1 || old.items[i].alike > 1 || !*mate->shape)
			continue;
		*ARENA_PUSH(arena, out->items, out->count) = (struct rename_candidate){
		    .old = old.items[i].object,
		    .new = mate->object,
		    .hint = arena_printf(arena, "%s:%s=%s", mate->object->kind->name, old.items[i].object->identity,
		                         mate->object->name)};
	}
}
