/*
 * Rows arrive kind by kind (catalog_ask.c, object_rows.c), with what depends on what behind them. Only when
 * all are there is it known whose parent is whose, what is not the user's, and what nobody has a kind for;
 * that last is asked for by name in a second round trip, which hardly ever happens.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

/* --- what is unmodelled ------------------------------------------------- */

static const char *numbers(const struct catalog_reading *reading, bool are_classes)
{
	const char **texts = arena_array(reading->scratch, const char *, reading->unmodelled_count);

	for (size_t i = 0; i < reading->unmodelled_count; i++)
		texts[i] = arena_printf(reading->scratch, "%u",
		                        are_classes ? reading->unmodelled[i].class : reading->unmodelled[i].oid);
	return array_text(texts, reading->unmodelled_count, reading->scratch);
}

static bool name_unmodelled(struct session *db, const struct catalog_reading *reading,
                            struct catalog *catalog, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!reading->unmodelled_count)
		return true;
	if (!query(db, SQL_query_unmodelled, PARAMS(numbers(reading, true), numbers(reading, false)), &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *text = rows_text(rows, i, ONLY_COLUMN);

		/* Dropped since, or known to the server by its number only. */
		*ARENA_PUSH(reading->arena, catalog->unmodelled, catalog->unmodelled_count) =
		    text ? arena_strdup(reading->arena, text)
		         : arena_printf(reading->arena, "object %u of catalog %u", reading->unmodelled[i].oid,
		                        reading->unmodelled[i].class);
	}
	return true;
}

/* --- order --------------------------------------------------------------- */

static void put_in_order(const struct catalog_reading *reading, struct catalog *catalog)
{
	catalog->objects = arena_array(reading->arena, struct object *, reading->count);
	for (size_t i = 0; i < reading->count; i++)
		if (!reading->found[i].object->is_left_out)
			catalog->objects[catalog->count++] = reading->found[i].object;
	if (catalog->count)
		qsort(catalog->objects, catalog->count, sizeof(struct object *), object_compare);
}

/* From the last to the first, each in front of those before it. */
static void line_up_children(const struct catalog *catalog)
{
	for (size_t i = catalog->count; i-- > 0;) {
		struct object *object = catalog->objects[i];

		if (!object->parent)
			continue;
		object->next_sibling = object->parent->first_child;
		object->parent->first_child = object;
	}
}

bool catalog_load(struct session *db, const struct catalog_options *options, struct arena *arena,
                  struct catalog *out, struct error *err)
{
	scoped_arena struct arena scratch = {0};
	struct catalog_reading reading = {
	    .arena = arena,
	    .scratch = &scratch,
	    .options = options,
	    .texts = {.arena = arena, .scratch = &scratch},
	    .map = {.arena = options->map ? arena : &scratch},
	    .members = {.arena = &scratch},
	};
	struct catalog catalog = {.server_version = session_server_version(db)};

	if (!reading_ask(db, &reading, err))
		return false;
	reading_name_objects(&reading);
	reading_leave_out(&reading);
	reading_link(&reading);
	put_in_order(&reading, &catalog);
	line_up_children(&catalog);
	catalog.self = reading.self;
	catalog.unmodelled = reading.unknown;
	catalog.unmodelled_count = reading.unknown_count;
	if (!name_unmodelled(db, &reading, &catalog, err))
		return false;
	if (options->map)
		*options->map = reading.map;
	*out = catalog;
	return true;
}

/* --- lookup -------------------------------------------------------------- */

const struct object *catalog_find(const struct catalog *catalog, enum object_kind_number kind,
                                  const char *identity)
{
	const struct object wanted = {.kind = &object_kinds[kind], .identity = identity};
	const struct object *key = &wanted;
	struct object **found = catalog->count ? bsearch(&key, catalog->objects, catalog->count,
	                                                 sizeof(struct object *), object_compare)
	                                       : NULL;

	return found ? *found : NULL;
}

const char *object_attribute(const struct object *object, const char *name)
{
	for (uint32_t i = 0; i < object->attribute_count; i++)
		if (strcmp(object->attributes[i].name, name) == 0)
			return object->attributes[i].value;
	return NULL;
}
