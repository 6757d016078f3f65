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

static bool is_at_risk(const struct seeded_rows_options *options, const struct change_statement *statement)
{
	const int risks = options->not_back ? HAZARD_MAY_FAIL : HAZARD_DATA_LOSS | HAZARD_MAY_FAIL;

	return options->is_careful && statement->hazards & risks;
}

/* A column that goes takes nobody else's values with it. */
static bool endangers(const struct seeded_rows_options *options, const struct change_statement *statement,
                      const struct object *table)
{
	const struct object *about = top_of(statement->object);
	const bool is_lost =
	    !options->not_back && statement->hazards & HAZARD_DATA_LOSS && statement->object == about;

	return object_compare(&about, &table) == 0 && (is_lost || is_at_risk(options, statement));
}

static bool is_endangered(const struct seeded_rows_options *options, const struct change_script *script,
                          const struct object *table)
{
	for (size_t i = 0; script && i < script->count; i++)
		if (endangers(options, &script->statements[i], table))
			return true;
	return false;
}

/* An ordinary table that is there in the end. */
static bool is_wanted(const struct seeded_rows_options *options, const struct object *table)
{
	return table->kind == &object_kinds[OBJECT_TABLE] && !object_attribute(table, "partition_key") &&
	       (options->not_back || catalog_find(options->to, OBJECT_TABLE, table->identity)) &&
	       !is_endangered(options, options->up, table) && !is_endangered(options, options->down, table);
}

static struct names choose(const struct seeded_rows_options *options, struct arena *arena)
{
	const struct catalog *from = options->from;
	struct names names = {0};

	for (size_t i = 0; i < from->count; i++)
		if (is_wanted(options, from->objects[i]))
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

static bool load_table(struct session *db, const char *sql, struct arena *arena, struct seeded_columns *out,
                       struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, sql, NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++)
		*ARENA_PUSH(arena, out->items, out->count) = (struct seeded_column){
		    rows_copy(rows, i, COLUMN_IDENTITY, arena), rows_copy(rows, i, COLUMN_DIGEST, arena)};
	return true;
}

static bool load(struct session *db, const char *tables, struct arena *arena, struct seeded_columns *out,
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

static bool is_named(const struct name_list *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

/* As a column of its table, or of one that it inherits from. */
static bool is_not_back(const struct seeded_rows_options *options, const struct object *column,
                        struct arena *arena)
{
	for (const struct object *table = column->parent; table;) {
		const char *parent = object_attribute(table, "inherits");

		if (is_named(options->not_back, table->identity) ||
		    is_named(options->not_back, arena_printf(arena, "%s.%s", table->identity, column->name)))
			return true;
		table = parent ? catalog_find(options->from, OBJECT_TABLE, parent) : NULL;
	}
	return false;
}

static bool comes_back(const struct seeded_column *column, const struct seeded_rows_options *options,
                       struct arena *arena)
{
	const struct object *before = catalog_find(options->from, OBJECT_COLUMN, column->identity);

	return before && options->not_back && !is_not_back(options, before, arena);
}

static void sort_out(const struct seeded_columns *all, const struct seeded_rows_options *options,
                     struct arena *arena, struct seeded_rows *out)
{
	for (size_t i = 0; i < all->count; i++) {
		const bool is_staying = stays(&all->items[i], options->from, options->to);

		if (is_staying)
			*ARENA_PUSH(arena, out->staying.items, out->staying.count) = all->items[i];
		if (is_staying || comes_back(&all->items[i], options, arena))
			*ARENA_PUSH(arena, out->back.items, out->back.count) = all->items[i];
	}
}

static size_t count_tables(const struct seeded_columns *columns, const struct catalog *from)
{
	const struct object *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < columns->count; i++) {
		const struct object *column = catalog_find(from, OBJECT_COLUMN, columns->items[i].identity);

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

bool seeded_rows_make(struct session *db, const struct seeded_rows_options *options, struct arena *arena,
                      struct seeded_rows *out, struct error *err)
{
	const struct names names = choose(options, arena);
	struct seeded_columns all = {0};
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
	if (!load(db, out->tables, arena, &all, err))
		return false;
	sort_out(&all, options, arena, out);
	out->table_count = count_tables(&out->back, options->from);
	return true;
}

static int compare_columns(const void *a, const void *b)
{
	return strcmp(((const struct seeded_column *)a)->identity, ((const struct seeded_column *)b)->identity);
}

static bool is_kept(const struct seeded_columns *now, const struct seeded_column *column)
{
	const struct seeded_column *found =
	    now->count ? bsearch(column, now->items, now->count, sizeof(*column), compare_columns) : NULL;

	return found && strcmp(found->digest, column->digest) == 0;
}

bool seeded_rows_check(const struct seeded_rows *rows, const struct seeded_columns *columns,
                       struct session *db, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct seeded_columns now = {0};

	if (!rows->tables || !columns->count)
		return true;
	if (!load(db, rows->tables, &arena, &now, err))
		return false;
	if (now.count)
		qsort(now.items, now.count, sizeof(*now.items), compare_columns);
	for (size_t i = 0; i < columns->count; i++)
		if (!is_kept(&now, &columns->items[i]))
			return error_set(err, ERROR_FOUND, "values of the column %s are lost, and no statement says so",
			                 columns->items[i].identity);
	return true;
}
