/*
 * A row's values are the same for every column of a type, so that what refers to each other does so without
 * anybody having sorted the tables. Values are compared column by column and not row by row, as columns may
 * come and go beside them.
 */
#include "command/generate/seeded_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "pg/query.h"

enum { RISKY = HAZARD_DATA_LOSS | HAZARD_MAY_FAIL };

struct names {
	const char **items;
	size_t count;
};

static const struct object *top_of(const struct object *object)
{
	while (object->parent)
		object = object->parent;
	return object;
}

/* --- which tables -------------------------------------------------------------- */

struct choice {
	const struct catalog *to;
	const struct change_script *const *scripts;
	bool is_careful;
};

/* A column that goes takes nobody else's values with it. */
static bool endangers(const struct choice *choice, const struct change_statement *statement,
                      const struct object *table)
{
	const struct object *about = top_of(statement->object);

	return object_compare(&about, &table) == 0 &&
	       ((statement->hazards & HAZARD_DATA_LOSS && statement->object == about) ||
	        (choice->is_careful && statement->hazards & RISKY));
}

static bool is_endangered(const struct choice *choice, const struct change_script *script,
                          const struct object *table)
{
	for (size_t i = 0; script && i < script->count; i++)
		if (endangers(choice, &script->statements[i], table))
			return true;
	return false;
}

/* An ordinary table that is on both sides. */
static bool is_wanted(const struct choice *choice, const struct object *table)
{
	return table->kind == &object_kinds[OBJECT_TABLE] && !object_attribute(table, "partition_key") &&
	       catalog_find(choice->to, OBJECT_TABLE, table->identity) &&
	       !is_endangered(choice, choice->scripts[0], table) &&
	       !is_endangered(choice, choice->scripts[1], table);
}

static struct names choose(const struct choice *choice, const struct catalog *from, struct arena *arena)
{
	struct names names = {0};

	for (size_t i = 0; i < from->count; i++)
		if (is_wanted(choice, from->objects[i]))
			*ARENA_PUSH(arena, names.items, names.count) = from->objects[i]->identity;
	return names;
}

/* --- making rows ---------------------------------------------------------------- */

static bool insert(struct session *db, const struct names *names, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer list = {.arena = &arena};

	for (size_t i = 0; i < names->count; i++)
		buffer_printf(&list, "%s%s", i ? "\n" : "", names->items[i]);
	return execute(db, SQL_generate_seed_begin, PARAMS(buffer_cstr(&list)), err) &&
	       execute(db, SQL_generate_seed_rows, NO_PARAMS, err);
}

/* --- what is in them -------------------------------------------------------------- */

/* The columns of what seeded_columns.sql writes. */
enum {
	COLUMN_IDENTITY,
	COLUMN_DIGEST,
};

static bool load_table(struct session *db, const char *sql, struct arena *arena, struct seeded_rows *out,
                       struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, sql, NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++)
		*ARENA_PUSH(arena, out->columns, out->column_count) = (struct seeded_column){
		    rows_copy(rows, i, COLUMN_IDENTITY, arena), rows_copy(rows, i, COLUMN_DIGEST, arena)};
	return true;
}

static bool load(struct session *db, const char *tables, struct arena *arena, struct seeded_rows *out,
                 struct error *err)
{
	scoped_rows struct rows *queries = NULL;

	if (!query(db, SQL_generate_seeded_columns, PARAMS(tables), &queries, err))
		return false;
	for (size_t i = 0; i < rows_count(queries); i++)
		if (!load_table(db, rows_text(queries, i, ONLY_COLUMN), arena, out, err))
			return false;
	return true;
}

/* One that stays as it is: of the same type, generated as before. */
static bool stays(const struct seeded_column *column, const struct catalog *from, const struct catalog *to)
{
	const struct object *before = catalog_find(from, OBJECT_COLUMN, column->identity);
	const struct object *after = catalog_find(to, OBJECT_COLUMN, column->identity);
	static const char *const facts[] = {"type", "generated"};

	for (size_t i = 0; before && after && i < sizeof(facts) / sizeof(*facts); i++) {
		const char *a = object_attribute(before, facts[i]);
		const char *b = object_attribute(after, facts[i]);

		if ((a || b) && (!a || !b || strcmp(a, b) != 0))
			return false;
	}
	return before && after;
}

static void keep_staying(struct seeded_rows *rows, const struct catalog *from, const struct catalog *to)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->column_count; i++)
		if (stays(&rows->columns[i], from, to))
			rows->columns[count++] = rows->columns[i];
	rows->column_count = count;
}

static size_t count_tables(const struct seeded_rows *rows, const struct catalog *from)
{
	const struct object *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < rows->column_count; i++) {
		const struct object *column = catalog_find(from, OBJECT_COLUMN, rows->columns[i].identity);

		count += column->parent != last;
		last = column->parent;
	}
	return count;
}

/* --- both ---------------------------------------------------------------------------- */

static bool is_superuser(struct session *db, bool *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(db, SQL_generate_is_superuser, NO_PARAMS, &rows, err))
		return false;
	*out = rows_flag(rows, 0, ONLY_COLUMN);
	return true;
}

bool seeded_rows_make(struct session *db, const struct catalog *from, const struct catalog *to,
                      const struct change_script *const scripts[2], bool is_careful, struct arena *arena,
                      struct seeded_rows *out, struct error *err)
{
	const struct choice choice = {to, scripts, is_careful};
	const struct names names = choose(&choice, from, arena);
	bool may_seed = false;

	if (!names.count)
		return true;
	if (!is_superuser(db, &may_seed, err))
		return false;
	if (!may_seed)
		return true;
	if (!insert(db, &names, err))
		return error_context(err, "while making rows that have to survive");
	out->tables = array_text(names.items, names.count, arena);
	if (!load(db, out->tables, arena, out, err))
		return false;
	keep_staying(out, from, to);
	out->table_count = count_tables(out, from);
	return true;
}

static int compare_columns(const void *a, const void *b)
{
	return strcmp(((const struct seeded_column *)a)->identity, ((const struct seeded_column *)b)->identity);
}

static bool is_kept(const struct seeded_rows *now, const struct seeded_column *column)
{
	const struct seeded_column *found =
	    bsearch(column, now->columns, now->column_count, sizeof(*column), compare_columns);

	return found && strcmp(found->digest, column->digest) == 0;
}

bool seeded_rows_check(const struct seeded_rows *rows, struct session *db, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct seeded_rows now = {0};

	if (!rows->tables || !rows->column_count)
		return true;
	if (!load(db, rows->tables, &arena, &now, err))
		return false;
	if (now.column_count)
		qsort(now.columns, now.column_count, sizeof(*now.columns), compare_columns);
	for (size_t i = 0; i < rows->column_count; i++)
		if (!now.column_count || !is_kept(&now, &rows->columns[i]))
			return error_set(err, ERROR_FOUND, "values of the column %s are lost, and no statement says so",
			                 rows->columns[i].identity);
	return true;
}
