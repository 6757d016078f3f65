#include "command/generate/table_size.h"

#include <stdlib.h>
#include <string.h>

#include "pg/query.h"

enum { TOLD = HAZARD_DATA_LOSS | HAZARD_REWRITE | HAZARD_SCAN };

/* The columns of table_sizes.sql. */
enum {
	COLUMN_IDENTITY,
	COLUMN_SIZE,
};

bool table_sizes_load(struct session *db, struct arena *arena, struct table_sizes *out, struct error *err)
{
	struct table_sizes sizes = {0};
	scoped_rows struct rows *rows = NULL;

	if (!query(db, SQL_generate_table_sizes, NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++)
		*ARENA_PUSH(arena, sizes.items, sizes.count) = (struct table_size){
		    rows_copy(rows, i, COLUMN_IDENTITY, arena), rows_copy(rows, i, COLUMN_SIZE, arena)};
	*out = sizes;
	return true;
}

static int compare(const void *key, const void *item)
{
	return strcmp(key, ((const struct table_size *)item)->identity);
}

static const char *size_of(const struct table_sizes *sizes, const struct object *object)
{
	while (object->parent)
		object = object->parent;
	if (!sizes->count)
		return NULL;
	const struct table_size *found =
	    bsearch(object->identity, sizes->items, sizes->count, sizeof(*sizes->items), compare);
	return found ? found->size : NULL;
}

void table_sizes_apply(const struct table_sizes *sizes, struct change_script *script)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].hazards & TOLD)
			script->statements[i].size = size_of(sizes, script->statements[i].object);
}
