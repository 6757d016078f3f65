/*
 * Copies are made before the first statement that changes anything, so what they read is named as it was.
 * Types and collations of the user's may be dropped in the same migration; so of those the copy holds text,
 * which every type can be read from again.
 *
 * Rows go back as soon as there is a place for them: behind CREATE TABLE, before its triggers, rules and
 * foreign keys are there; behind ADD COLUMN, before what is held against its values. Of a table that stayed
 * its triggers are switched off meanwhile, and at the end each is as it was.
 *
 * A value of a narrowed column goes back only where it is still what narrowing made of it: what was written
 * since is newer. With row_security off nobody copies a part without knowing.
 */
#include "command/generate/kept_rows_internal.h"

#include <string.h>

#include "base/buffer.h"
#include "pg/history_table.h"
#include "pg/query.h"

static bool loses(const struct change_script *script, const struct object *object)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].hazards & HAZARD_DATA_LOSS &&
		    object_compare(&script->statements[i].object, &object) == 0)
			return true;
	return false;
}

static const char *quoted(const struct keeping *keeping, const char *name)
{
	return arena_printf(keeping->arena, KEPT_SCHEMA ".%s", quote_name(keeping->arena, name));
}

/* --- columns ------------------------------------------------------------------------ */

/* Of the server's: those of others are named with a schema. */
static bool is_servers_type(const struct object *column)
{
	return !strchr(object_attribute(column, "type"), '.');
}

static void add_copied(struct buffer *out, const struct object *column)
{
	buffer_printf(out, "%s%s", out->len ? ", " : "", column->name);
	if (!is_servers_type(column))
		buffer_printf(out, "::text AS %s", column->name);
	else if (object_attribute(column, "collation"))
		buffer_printf(out, " COLLATE pg_catalog.\"default\" AS %s", column->name);
}

static const char *restored(const struct keeping *keeping, const char *row, const struct object *column)
{
	return is_servers_type(column) ? arena_printf(keeping->arena, "%s%s", row, column->name)
	                               : arena_printf(keeping->arena, "%s%s::%s", row, column->name,
	                                              object_attribute(column, "type"));
}

static bool is_stored(const struct object *object)
{
	return object->kind == &object_kinds[OBJECT_COLUMN] && !object_attribute(object, "generated");
}

/* "ONLY ", where its rows are not those of its partitions. */
static const char *only(const struct object *table)
{
	return object_attribute(table, "partition_key") ? "" : "ONLY ";
}

/* `rows`: "ONLY " for those of the table itself. */
static void copy(struct keeping *keeping, const struct object *object, const char *name,
                 const struct buffer *columns, const char *rows)
{
	const struct object *table = kept_top(object);

	kept_insert(keeping, &keeping->up, keeping->kept->first, object,
	            arena_printf(keeping->arena, "CREATE TABLE %s AS\nSELECT %.*s\n  FROM %s%s",
	                         quoted(keeping, name), (int)columns->len, columns->text, rows, table->identity));
	keeping->kept->count++;
}

static void drop_copy(struct keeping *keeping, const struct object *object, const char *name)
{
	kept_insert(keeping, &keeping->last, 0, object,
	            arena_printf(keeping->arena, "DROP TABLE %s", quoted(keeping, name)));
}

/* --- triggers ---------------------------------------------------------------------------- */

static bool has_triggers(const struct catalog *catalog, const struct object *table)
{
	const struct object *found = catalog_find(catalog, OBJECT_TABLE, table->identity);

	for (const struct object *child = found ? found->first_child : NULL; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_TRIGGER])
			return true;
	return false;
}

static void insert_once(struct keeping *keeping, const struct object *object, const char *sql)
{
	for (size_t i = 0; i < keeping->last.count; i++)
		if (strcmp(keeping->last.items[i].statement.sql, sql) == 0)
			return;
	kept_insert(keeping, &keeping->last, 0, object, sql);
}

static void switch_as_before(struct keeping *keeping, const struct object *trigger)
{
	static const struct {
		const char *enabled;
		const char *words;
	} states[] = {{"disabled", "DISABLE"}, {"replica", "ENABLE REPLICA"}, {"always", "ENABLE ALWAYS"}};
	const char *enabled = object_attribute(trigger, "enabled");

	for (size_t i = 0; enabled && i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(states[i].enabled, enabled) == 0)
			insert_once(keeping, trigger,
			            arena_printf(keeping->arena, "ALTER TABLE %s %s TRIGGER %s",
			                         trigger->parent->identity, states[i].words, trigger->name));
}

/* `sql` with the table's triggers off. */
static void insert_silently(struct keeping *keeping, size_t behind, const struct object *object,
                            const char *sql)
{
	const struct object *table = kept_top(object);
	const bool has_some = has_triggers(keeping->kept->before, table) ||
	                      has_triggers(keeping->kept->after, table) || object_attribute(table, "inherits");

	if (has_some)
		kept_insert(keeping, &keeping->down, behind, object,
		            arena_printf(keeping->arena, "ALTER TABLE %s DISABLE TRIGGER USER", table->identity));
	kept_insert(keeping, &keeping->down, behind, object, sql);
	if (!has_some)
		return;
	kept_insert(keeping, &keeping->down, behind, object,
	            arena_printf(keeping->arena, "ALTER TABLE %s ENABLE TRIGGER USER", table->identity));
	for (const struct object *child = table->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_TRIGGER])
			switch_as_before(keeping, child);
}

/* --- tables ------------------------------------------------------------------------------ */

static bool is_dropped(const struct keeping *keeping, const struct object *table)
{
	return !catalog_find(keeping->kept->after, OBJECT_TABLE, table->identity) ||
	       kept_place_behind(keeping->kept->up, table, "DROP TABLE ") > 0;
}

static void add_back(const struct keeping *keeping, struct buffer *names, struct buffer *values,
                     const struct object *column)
{
	buffer_printf(names, "%s%s", names->len ? ", " : "", column->name);
	buffer_printf(values, "%s%s", values->len ? ", " : "", restored(keeping, "", column));
}

static size_t later(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Behind what makes the table and its columns, which may be a parent's. */
static size_t place_of_rows(const struct keeping *keeping, const struct object *table)
{
	static const char *const words[] = {"CREATE TABLE ", "CREATE UNLOGGED TABLE ", " ADD COLUMN "};
	size_t place = 0;

	while (table) {
		const char *parent = object_attribute(table, "inherits");

		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			place = later(place, kept_place_behind(keeping->kept->down, table, words[i]));
		table = parent ? catalog_find(keeping->kept->before, OBJECT_TABLE, parent) : NULL;
	}
	return place;
}

/* A new table has no triggers yet, unless it has those of a parent. */
static void put_rows(struct keeping *keeping, size_t place, const struct object *table, const char *sql)
{
	if (object_attribute(table, "inherits"))
		insert_silently(keeping, place, table, sql);
	else
		kept_insert(keeping, &keeping->down, place, table, sql);
}

static void keep_table(struct keeping *keeping, const struct object *table)
{
	struct buffer copied = {.arena = keeping->arena};
	struct buffer names = {.arena = keeping->arena};
	struct buffer values = {.arena = keeping->arena};

	for (const struct object *child = table->first_child; child; child = child->next_sibling) {
		if (!is_stored(child))
			continue;
		add_copied(&copied, child);
		add_back(keeping, &names, &values, child);
	}
	if (!copied.len)
		return;
	const char *name = kept_name(keeping, table);
	copy(keeping, table, name, &copied, only(table));
	put_rows(keeping, place_of_rows(keeping, table), table,
	         arena_printf(keeping->arena,
	                      "INSERT INTO %s (%s)\nOVERRIDING SYSTEM VALUE\nSELECT %s\n  FROM %s",
	                      table->identity, buffer_cstr(&names), buffer_cstr(&values), quoted(keeping, name)));
	drop_copy(keeping, table, name);
}

/* --- columns of tables that stay ------------------------------------------------------------ */

/* A copy that stays makes room for another one of that name. */
static void keep_for_hand(struct keeping *keeping, const struct object *object, const char *name)
{
	struct kept_rows *kept = keeping->kept;

	kept_insert(keeping, &keeping->last, 0, object,
	            arena_printf(keeping->arena,
	                         "-- what %s held stays in %s: rows cannot be told apart without a key\n"
	                         "DO $kept$\nBEGIN\n    EXECUTE pg_catalog.format('ALTER TABLE " KEPT_SCHEMA
	                         ".%%I RENAME TO %%I', %s,\n        pg_catalog.concat(%s, '_', "
	                         "pg_catalog.to_char(pg_catalog.clock_timestamp(), 'YYMMDDHH24MISSUS')));\n"
	                         "END\n$kept$",
	                         object->identity, KEPT_SCHEMA, quote_literal(keeping->arena, name),
	                         quote_literal(keeping->arena, name)));
	*ARENA_PUSH(keeping->arena, kept->not_back, kept->not_back_count) = object->identity;
}

static void add_match(struct buffer *out, const struct object *column)
{
	const char *text = is_servers_type(column) ? "" : "::text";

	buffer_printf(out, "%st.%s%s = kept.%s", out->len ? " AND " : "", column->name, text, column->name);
}

/* Still what the narrower type made of it. */
static void add_unchanged(const struct keeping *keeping, struct buffer *out, const struct object *column)
{
	const struct object *after = catalog_find(keeping->kept->after, OBJECT_COLUMN, column->identity);
	const char *type = object_attribute(column, "type");

	if (after)
		buffer_printf(out, " AND t.%s::text IS NOT DISTINCT FROM kept.%s::%s::%s::text", column->name,
		              column->name, object_attribute(after, "type"), type);
}

static void bring_back(struct keeping *keeping, const struct object *column, const char *name,
                       const struct buffer *match, size_t place)
{
	const struct object *table = column->parent;

	insert_silently(
	    keeping, place, column,
	    arena_printf(keeping->arena, "UPDATE %s%s AS t\n   SET %s = %s\n  FROM %s AS kept\n WHERE %.*s",
	                 only(table), table->identity, column->name, restored(keeping, "kept.", column),
	                 quoted(keeping, name), (int)match->len, match->text));
	drop_copy(keeping, column, name);
}

static void keep_column(struct keeping *keeping, const struct object *column, const char *words)
{
	const struct kept_key key = kept_key_find(keeping, column->parent);
	const size_t place = kept_place_behind(keeping->kept->down, column, words);
	const char *identity = object_attribute(column, "identity");
	const bool can_return = key.count && place && (!identity || strcmp(identity, "always") != 0);
	const char *name = kept_name(keeping, column);
	struct buffer copied = {.arena = keeping->arena};
	struct buffer match = {.arena = keeping->arena};

	for (size_t i = 0; can_return && i < key.count; i++) {
		add_copied(&copied, key.columns[i]);
		add_match(&match, key.columns[i]);
	}
	for (const struct object *child = column->parent->first_child; child; child = child->next_sibling)
		if (can_return ? child == column : is_stored(child))
			add_copied(&copied, child);
	copy(keeping, column, name, &copied, can_return ? only(column->parent) : "");
	add_unchanged(keeping, &match, column);
	if (can_return)
		bring_back(keeping, column, name, &match, place);
	else
		keep_for_hand(keeping, column, name);
}

/* What the server refuses to narrow is not lost. */
static bool is_narrowed(const struct keeping *keeping, const struct object *column)
{
	return is_servers_type(column) && kept_place_behind(keeping->kept->up, column, " TYPE ") > 0;
}

static void keep_columns(struct keeping *keeping, const struct object *table)
{
	for (const struct object *child = table->first_child; child; child = child->next_sibling) {
		if (!is_stored(child) || object_attribute(child, "inherited"))
			continue;
		if (kept_place_behind(keeping->kept->up, child, " DROP COLUMN "))
			keep_column(keeping, child, " ADD COLUMN ");
		else if (loses(keeping->kept->up, child) && is_narrowed(keeping, child))
			keep_column(keeping, child, " TYPE ");
	}
}

/* --- sequences -------------------------------------------------------------------------------- */

static void keep_sequence(struct keeping *keeping, const struct object *sequence)
{
	const char *name = kept_name(keeping, sequence);

	kept_insert(keeping, &keeping->up, keeping->kept->first, sequence,
	            arena_printf(keeping->arena, "CREATE TABLE %s AS\nSELECT last_value, is_called\n  FROM %s",
	                         quoted(keeping, name), sequence->identity));
	kept_insert(keeping, &keeping->last, 0, sequence,
	            arena_printf(keeping->arena, "SELECT pg_catalog.setval(%s, last_value, is_called)\n  FROM %s",
	                         quote_literal(keeping->arena, sequence->identity), quoted(keeping, name)));
	drop_copy(keeping, sequence, name);
	keeping->kept->count++;
}

static void keep_object(struct keeping *keeping, const struct object *object)
{
	const struct catalog *after = keeping->kept->after;

	if (object->kind == &object_kinds[OBJECT_SEQUENCE] &&
	    !catalog_find(after, OBJECT_SEQUENCE, object->identity)) {
		keep_sequence(keeping, object);
	} else if (object->kind == &object_kinds[OBJECT_TABLE]) {
		if (!is_dropped(keeping, object))
			keep_columns(keeping, object);
		else if (!object_attribute(object, "partition_key"))
			keep_table(keeping, object);
	}
}

/* --- all ---------------------------------------------------------------------------------------- */

bool kept_rows_leaves(const struct change_statement *statement)
{
	const enum object_kind_number kind = object_kind_number(statement->object->kind);

	return statement->hazards & HAZARD_DATA_LOSS && kind != OBJECT_TABLE && kind != OBJECT_COLUMN &&
	       kind != OBJECT_SEQUENCE;
}

/* Before the first copy, and behind the last one. */
static void frame(struct keeping *keeping, const struct object *object)
{
	static const char *const before[] = {
	    "SET LOCAL row_security = off",
	    "-- what is lost below is kept there for the rollback\nCREATE SCHEMA IF NOT EXISTS " KEPT_SCHEMA,
	    "ALTER SCHEMA " KEPT_SCHEMA " OWNER TO CURRENT_USER",
	};
	struct insertions copies = keeping->up;

	keeping->up = (struct insertions){0};
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		kept_insert(keeping, &keeping->up, keeping->kept->first, object, before[i]);
	for (size_t i = 0; i < copies.count; i++)
		*ARENA_PUSH(keeping->arena, keeping->up.items, keeping->up.count) = copies.items[i];
	kept_insert(keeping, &keeping->up, keeping->kept->first, object, kept_rights);
	kept_insert(keeping, &keeping->down, 0, object, before[0]);
}

static void move_last(struct keeping *keeping)
{
	const size_t end = keeping->kept->down->count - keeping->kept->trailing;

	for (size_t i = 0; i < keeping->last.count; i++)
		kept_insert(keeping, &keeping->down, end, keeping->last.items[i].statement.object,
		            keeping->last.items[i].statement.sql);
}

void kept_rows_add(struct kept_rows *kept)
{
	struct keeping keeping = {.kept = kept, .arena = kept->arena};

	for (size_t i = 0; i < kept->before->count; i++)
		keep_object(&keeping, kept->before->objects[i]);
	if (!kept->count)
		return;
	frame(&keeping, keeping.up.items->statement.object);
	move_last(&keeping);
	kept_merge(kept->up, &keeping.up, kept->arena);
	kept_merge(kept->down, &keeping.down, kept->arena);
}
