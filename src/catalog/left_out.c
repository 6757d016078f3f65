/*
 * What is not the user's: the server's schemas, members of extensions, temporary things, rung's own tables.
 * They are read all the same, as what depends on them has to be understood; then they are marked, and with
 * them what is in them, or was made with them and goes with them.
 */
#include <string.h>

#include "catalog/catalog_internal.h"
#include "pg/history_table.h"

enum { FIRST_USER_OID = 16384, PUBLIC_OID = 2200 };

static bool is_temporary(const char *schema)
{
	return strncmp(schema, "pg_temp_", 8) == 0 || strncmp(schema, "pg_toast", 8) == 0;
}

static bool is_servers(const struct object *object)
{
	if (object->kind == &object_kinds[OBJECT_SCHEMA])
		return (object->address.oid < FIRST_USER_OID && object->address.oid != PUBLIC_OID) ||
		       is_temporary(object->name);
	return object->schema && is_temporary(object->schema);
}

/* Names are as SQL has them: in quotes where they need them. Most differ in the first letters. */
static bool is_name(const char *quoted, const char *name, const char *tail, struct arena *arena)
{
	if (*quoted != '"' && strncmp(quoted, name, strlen(name)) != 0)
		return false;
	const char *whole = arena_printf(arena, "%s%s", name, tail);

	return strcmp(quoted, whole) == 0 || strcmp(quoted, quote_name(arena, whole)) == 0;
}

static bool has_column(const struct catalog_reading *reading, const struct object *table, const char *name)
{
	for (size_t i = 0; i < reading->count; i++) {
		const struct object *object = reading->found[i].object;

		if (object->parent == table && object->kind == &object_kinds[OBJECT_COLUMN] &&
		    strcmp(object->name, name) == 0)
			return true;
	}
	return false;
}

/*
 * Many call a table of their own schema_version. Ours has these from the start, even where somebody wrote it
 * by hand. Who lists objects for what is kept has just written to it, and columns are not known yet then.
 */
static bool is_ours(const struct catalog_reading *reading, const struct object *table)
{
	return reading->listing ||
	       (has_column(reading, table, "version") && has_column(reading, table, "applied_at"));
}

static bool is_history(const struct catalog_reading *reading, const struct object *object)
{
	const struct qualified_name *history = reading->options->history;

	if (!history || object->kind != &object_kinds[OBJECT_TABLE] ||
	    !is_name(object->schema, history->schema, "", reading->scratch))
		return false;
	for (size_t i = 0; i < HISTORY_TABLE_COUNT; i++)
		if (is_name(object->name, history->name, history_table_tails[i], reading->scratch))
			return i != HISTORY_TABLE || is_ours(reading, object);
	return false;
}

static bool is_kept(const struct object *object)
{
	const char *schema = object->kind == &object_kinds[OBJECT_SCHEMA] ? object->name : object->schema;

	return schema && strcmp(schema, KEPT_SCHEMA) == 0;
}

static bool is_member(const struct catalog_reading *reading, const struct object *object)
{
	return address_map_find(&reading->members, object->address) != NULL;
}

bool reading_is_not_users(const struct catalog_reading *reading, const struct object *object)
{
	return is_servers(object) || is_member(reading, object) || is_kept(object) || is_history(reading, object);
}

static bool follow_parents(struct catalog_reading *reading)
{
	bool is_changed = false;

	for (size_t i = 0; i < reading->count; i++) {
		struct object *object = reading->found[i].object;

		if (!object->is_left_out && object->parent && object->parent->is_left_out)
			is_changed = object->is_left_out = true;
	}
	return is_changed;
}

/* The sequence of an identity column has no parent and goes with its table all the same. */
static bool follow_dependencies(struct catalog_reading *reading)
{
	bool is_changed = false;

	for (size_t i = 0; i < reading->dependency_count; i++) {
		const struct found_dependency *dependency = &reading->dependencies[i];

		if (dependency->type != 'a' && dependency->type != 'i')
			continue;
		struct object *from = address_map_resolve(&reading->map, dependency->from);
		const struct object *to = address_map_resolve(&reading->map, dependency->to);
		if (from && to && !from->is_left_out && to->is_left_out)
			is_changed = from->is_left_out = true;
	}
	return is_changed;
}

void reading_leave_out(struct catalog_reading *reading)
{
	bool is_any = false;

	for (size_t i = 0; i < reading->count; i++) {
		struct object *object = reading->found[i].object;

		object->is_left_out = reading_is_not_users(reading, object);
		is_any |= object->is_left_out && object->kind != &object_kinds[OBJECT_SCHEMA];
	}
	while (is_any) {
		is_any = follow_parents(reading);
		is_any |= follow_dependencies(reading);
	}
}
