/*
 * Rows become objects by the names of their columns: a dozen have a place of their own, everything else is an
 * attribute, called as the query calls it. So a new attribute is a line in a query and nothing here.
 *
 * Columns are put in order once for each answer, by which the attributes of all its objects come sorted. Most
 * cells are null, as most things are by default what they are, and cost nothing.
 *
 * Objects that are only listed (object_listing.c) are taken one at a time: their texts stay where the answer
 * has them, and what is made for one is forgotten with it.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

enum place {
	PLACE_OID,
	PLACE_SUB,
	PLACE_CLASS,
	PLACE_KIND,
	PLACE_SCHEMA,
	PLACE_NAME,
	PLACE_TAIL,
	PLACE_PARENT,
	PLACE_PARENT_SUB,
	PLACE_PARENT_CLASS,
	PLACE_OWNER,
	PLACE_DEFINITION,
	PLACE_COUNT,
};

static const char *const place_names[PLACE_COUNT] = {
    [PLACE_OID] = "oid",
    [PLACE_SUB] = "sub",
    [PLACE_CLASS] = "class",
    [PLACE_KIND] = "kind",
    [PLACE_SCHEMA] = "schema",
    [PLACE_NAME] = "name",
    [PLACE_TAIL] = "tail",
    [PLACE_PARENT] = "parent",
    [PLACE_PARENT_SUB] = "parent_sub",
    [PLACE_PARENT_CLASS] = "parent_class",
    [PLACE_OWNER] = "owner",
    [PLACE_DEFINITION] = "definition",
};

struct attribute_column {
	const char *name;
	int column;
	bool is_flag;
};

struct layout {
	int places[PLACE_COUNT]; /* column, or -1 */
	struct attribute_column *attributes;
	size_t attribute_count;
};

static const char *keep(struct catalog_reading *reading, const char *text)
{
	return reading->listing ? text : text_pool_keep(&reading->texts, text);
}

static struct arena *room_for_objects(struct catalog_reading *reading)
{
	return reading->listing ? reading->scratch : reading->arena;
}

static int compare_columns(const void *a, const void *b)
{
	return strcmp(((const struct attribute_column *)a)->name, ((const struct attribute_column *)b)->name);
}

static int place_of(const char *name)
{
	for (int i = 0; i < PLACE_COUNT; i++)
		if (strcmp(place_names[i], name) == 0)
			return i;
	return PLACE_COUNT;
}

static struct layout layout_of(struct catalog_reading *reading, const struct rows *rows)
{
	struct layout layout = {.attributes = NULL};
	const int width = rows_width(rows);

	for (int i = 0; i < PLACE_COUNT; i++)
		layout.places[i] = -1;
	for (int i = 0; i < width; i++) {
		const char *name = rows_column_name(rows, i);
		const int place = place_of(name);

		if (place < PLACE_COUNT)
			layout.places[place] = i;
		else
			*ARENA_PUSH(reading->scratch, layout.attributes, layout.attribute_count) =
			    (struct attribute_column){keep(reading, name), i, rows_column_is_flag(rows, i)};
	}
	if (layout.attribute_count)
		qsort(layout.attributes, layout.attribute_count, sizeof(*layout.attributes), compare_columns);
	return layout;
}

/* --- one row ------------------------------------------------------------ */

static const char *text_at(const struct layout *layout, const struct rows *rows, size_t row, enum place place)
{
	const int column = layout->places[place];
	const char *text = column < 0 ? NULL : rows_text(rows, row, column);

	return text && *text ? text : NULL;
}

static uint32_t number_at(const struct layout *layout, const struct rows *rows, size_t row, enum place place)
{
	const char *text = text_at(layout, rows, row, place);

	return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

/* NULL for what is as it is by default. */
static const char *value_at(struct catalog_reading *reading, const struct attribute_column *column,
                            const struct rows *rows, size_t row)
{
	const char *text = rows_text(rows, row, column->column);

	if (!text || !*text)
		return NULL;
	if (column->is_flag)
		return *text == 't' ? "true" : NULL;
	return keep(reading, text);
}

enum { MOST_ATTRIBUTES = 48 };

static void take_attributes(struct catalog_reading *reading, const struct layout *layout,
                            const struct rows *rows, size_t row, struct object *object)
{
	struct attribute attributes[MOST_ATTRIBUTES];
	uint32_t count = 0;

	for (size_t i = 0; i < layout->attribute_count && count < MOST_ATTRIBUTES; i++) {
		const char *value = value_at(reading, &layout->attributes[i], rows, row);

		if (value)
			attributes[count++] = (struct attribute){layout->attributes[i].name, value};
	}
	if (!count)
		return;
	struct attribute *kept = arena_array(room_for_objects(reading), struct attribute, count);
	memcpy(kept, attributes, count * sizeof(*kept));
	object->attributes = kept;
	object->attribute_count = count;
}

static const struct object_kind *kind_at(const struct layout *layout, const struct catalog_query *query,
                                         const struct rows *rows, size_t row)
{
	const char *name = text_at(layout, rows, row, PLACE_KIND);
	const struct object_kind *kind = name ? object_kind_find(name) : &object_kinds[query->kind];

	assert(kind);
	return kind;
}

static struct catalog_address parent_at(const struct layout *layout, const struct object_kind *kind,
                                        const struct rows *rows, size_t row)
{
	const uint32_t class = number_at(layout, rows, row, PLACE_PARENT_CLASS);

	if (layout->places[PLACE_PARENT] < 0)
		return (struct catalog_address){0};
	return (struct catalog_address){class ? class : kind->parent, number_at(layout, rows, row, PLACE_PARENT),
	                                number_at(layout, rows, row, PLACE_PARENT_SUB)};
}

/* Of relations the views have one. All else that may have one always does, unless it is gone by now. */
static bool has_lost_definition(const struct layout *layout, const struct object_kind *kind,
                                const char *definition)
{
	const bool has_none = kind == &object_kinds[OBJECT_TABLE] || kind == &object_kinds[OBJECT_FOREIGN_TABLE];

	return layout->places[PLACE_DEFINITION] >= 0 && !has_none && !definition;
}

static void keep_object(struct catalog_reading *reading, const struct found_object *found)
{
	struct object *object = found->object;

	*ARENA_PUSH(reading->scratch, reading->found, reading->count) = *found;
	if (object->address.oid)
		(void)!address_map_add(&reading->map, &(struct address_entry){object->address, object, {0}});
}

static void take_object(struct catalog_reading *reading, const struct layout *layout,
                        const struct object_kind *kind, const struct rows *rows, size_t row)
{
	struct object *object = arena_new(room_for_objects(reading), struct object);
	const char *definition = text_at(layout, rows, row, PLACE_DEFINITION);

	object->kind = kind;
	const uint32_t class = number_at(layout, rows, row, PLACE_CLASS);
	object->address =
	    (struct catalog_address){class ? class : kind->class, number_at(layout, rows, row, PLACE_OID),
	                             number_at(layout, rows, row, PLACE_SUB)};
	object->name = keep(reading, text_at(layout, rows, row, PLACE_NAME));
	object->owner = keep(reading, text_at(layout, rows, row, PLACE_OWNER));
	if (has_lost_definition(layout, kind, definition))
		reading->vanished = arena_strdup(reading->arena, object->name);
	if (definition)
		object->definition = keep(reading, definition);
	take_attributes(reading, layout, rows, row, object);
	const struct found_object found = {
	    .object = object,
	    .parent = parent_at(layout, kind, rows, row),
	    .schema = number_at(layout, rows, row, PLACE_SCHEMA),
	    .tail = keep(reading, text_at(layout, rows, row, PLACE_TAIL)),
	};
	if (reading->listing)
		listing_take(reading, &found);
	else
		keep_object(reading, &found);
}

void reading_take_objects(struct catalog_reading *reading, const struct catalog_query *query,
                          const struct rows *rows)
{
	const struct arena_mark start = arena_mark(reading->scratch);
	const struct layout layout = layout_of(reading, rows);

	assert(layout.attribute_count <= MOST_ATTRIBUTES);
	for (size_t row = 0; row < rows_count(rows); row++) {
		const struct object_kind *kind = kind_at(&layout, query, rows, row);
		const struct arena_mark mark = arena_mark(reading->scratch);

		if (!(reading->options->skipped & UINT64_C(1) << object_kind_number(kind)))
			take_object(reading, &layout, kind, rows, row);
		if (reading->listing)
			arena_rewind(reading->scratch, mark);
	}
	if (reading->listing)
		arena_rewind(reading->scratch, start);
}

/* --- what is said of objects -------------------------------------------- */

/* An address takes three columns: class, oid, sub; of absorbed.sql, where nothing has a sub, two. */
enum {
	ABSORBED_FROM = 0,
	ABSORBED_TO = 2,
};

/* The columns of gone.sql. */
enum { GONE = 0 };

/* The columns of depends.sql. */
enum {
	DEPENDS_FROM = 0,
	DEPENDS_TO = 3,
	DEPENDS_TYPE = 6,
};

/* The columns of comments.sql, labels.sql and grants.sql, whose first three are the object's address. */
enum {
	SAID_OF = 0,
	COMMENT_TEXT = 3,
	LABEL_PROVIDER = 3,
	LABEL_TEXT,
	GRANT_GRANTEE = 3,
	GRANT_GRANTOR,
	GRANT_PRIVILEGES,
};

static struct catalog_address address_at(const struct rows *rows, size_t row, int column, bool has_sub)
{
	return (struct catalog_address){(uint32_t)rows_number(rows, row, column),
	                                (uint32_t)rows_number(rows, row, column + 1),
	                                has_sub ? (uint32_t)rows_number(rows, row, column + 2) : 0};
}

void reading_take_absorbed(struct catalog_reading *reading, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++)
		(void)!address_map_add(&reading->map,
		                       &(struct address_entry){address_at(rows, i, ABSORBED_FROM, false), NULL,
		                                               address_at(rows, i, ABSORBED_TO, false)});
}

void reading_take_gone(struct catalog_reading *reading, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++)
		(void)!address_map_add(&reading->members,
		                       &(struct address_entry){address_at(rows, i, GONE, true), NULL, {0}});
}

/* An extension's member, and what is internal to something, is a part of that, unless it is an object. */
void reading_take_dependencies(struct catalog_reading *reading, const struct rows *rows)
{
	reading->dependency_count = rows_count(rows);
	reading->dependencies = arena_array(reading->scratch, struct found_dependency, reading->dependency_count);
	for (size_t i = 0; i < reading->dependency_count; i++) {
		struct found_dependency *dependency = &reading->dependencies[i];

		*dependency = (struct found_dependency){address_at(rows, i, DEPENDS_FROM, true),
		                                        address_at(rows, i, DEPENDS_TO, true),
		                                        *rows_text(rows, i, DEPENDS_TYPE)};
		const struct address_entry entry = {dependency->from, NULL, dependency->to};
		if (dependency->type == 'e')
			(void)!address_map_add(&reading->members, &entry);
		if (dependency->type == 'e' || dependency->type == 'i')
			(void)!address_map_add(&reading->map, &entry);
	}
}

/* Of which nothing else is known yet. */
static struct object *object_to_come(struct catalog_reading *reading, struct catalog_address address)
{
	struct object *object = arena_new(reading->arena, struct object);

	(void)!address_map_add(&reading->map, &(struct address_entry){address, object, {0}});
	return object;
}

/* Not what is said of something it is a part of. */
static struct object *object_at(struct catalog_reading *reading, const struct rows *rows, size_t row)
{
	const struct catalog_address address = address_at(rows, row, SAID_OF, true);
	const struct address_entry *entry = address_map_find(&reading->map, address);

	if (!entry && reading->listing)
		return object_to_come(reading, address);
	return entry ? entry->object : NULL;
}

void reading_take_comments(struct catalog_reading *reading, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++) {
		struct object *object = object_at(reading, rows, i);

		if (object)
			object->comment = text_pool_keep(&reading->texts, rows_text(rows, i, COMMENT_TEXT));
	}
}

void reading_take_labels(struct catalog_reading *reading, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++) {
		struct object *object = object_at(reading, rows, i);

		if (!object)
			continue;
		*ARENA_PUSH(reading->arena, object->labels, object->label_count) =
		    (struct label){text_pool_keep(&reading->texts, rows_text(rows, i, LABEL_PROVIDER)),
		                   text_pool_keep(&reading->texts, rows_text(rows, i, LABEL_TEXT))};
	}
}

void reading_take_grants(struct catalog_reading *reading, const struct rows *rows)
{
	for (size_t i = 0; i < rows_count(rows); i++) {
		struct object *object = object_at(reading, rows, i);

		if (!object)
			continue;
		object->has_grants = true;
		if (!rows_text(rows, i, GRANT_GRANTEE))
			continue;
		*ARENA_PUSH(reading->arena, object->grants, object->grant_count) = (struct grant){
		    .grantee = text_pool_keep(&reading->texts, rows_text(rows, i, GRANT_GRANTEE)),
		    .privileges = text_pool_keep(&reading->texts, rows_text(rows, i, GRANT_PRIVILEGES)),
		    .grantor = text_pool_keep(&reading->texts, rows_text(rows, i, GRANT_GRANTOR))};
	}
}
