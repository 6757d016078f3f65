/*
 * Each column is digested by itself, its values sorted: so a column can be told from the others where rows
 * cannot be told from each other, such as by a key that is random.
 */
#include "command/squash/database_rows.h"

#include <string.h>

#include "pg/history_table.h"

/* The columns of tables.sql and columns.sql. */
enum { TABLE_NAME, TABLE_IS_OF_EXTENSION, TABLE_HAS_TRIGGERS, TABLE_IS_VIEW, TABLE_REFERS_TO, TABLE_DIGEST };
enum {
	COLUMN_NAME,
	COLUMN_LITERAL,
	COLUMN_IS_GENERATED,
	COLUMN_IS_IDENTITY,
	COLUMN_IS_KEY,
	COLUMN_HAS_DEFAULT,
	COLUMN_DEFAULT_QUERY,
};

bool database_rows_begin(struct session *db, struct error *err)
{
	return execute_simple(db, SQL_squash_rows_begin, NULL, NULL, err);
}

static bool is_default_now(struct session *db, const char *sql, bool *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(db, sql, NO_PARAMS, &rows, err))
		return false;
	*out = rows_flag(rows, 0, ONLY_COLUMN);
	return true;
}

static bool load_columns(struct session *db, struct row_table *table, struct arena *arena, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, SQL_squash_columns, PARAMS(table->name), &rows, err))
		return false;
	table->column_count = rows_count(rows);
	table->columns = arena_array(arena, struct row_column, table->column_count);
	for (size_t i = 0; i < table->column_count; i++) {
		const char *default_query = rows_text(rows, i, COLUMN_DEFAULT_QUERY);

		table->columns[i] = (struct row_column){.name = rows_copy(rows, i, COLUMN_NAME, arena),
		                                        .literal = rows_copy(rows, i, COLUMN_LITERAL, arena),
		                                        .is_generated = rows_flag(rows, i, COLUMN_IS_GENERATED),
		                                        .is_identity = rows_flag(rows, i, COLUMN_IS_IDENTITY),
		                                        .is_key = rows_flag(rows, i, COLUMN_IS_KEY),
		                                        .has_default = rows_flag(rows, i, COLUMN_HAS_DEFAULT)};
		if (default_query && !is_default_now(db, default_query, &table->columns[i].is_default, err))
			return false;
	}
	return true;
}

/* A count, and of each column a digest. */
static bool load_digests(struct session *db, const char *sql, struct row_table *table, struct arena *arena,
                         struct error *err)
{
	enum { COUNT, FIRST_DIGEST };
	scoped_rows struct rows *rows = NULL;

	if (!query_row(db, sql, NO_PARAMS, &rows, err))
		return false;
	table->count = (size_t)rows_number(rows, 0, COUNT);
	if (!table->count)
		return true;
	if (!load_columns(db, table, arena, err))
		return false;
	for (size_t i = 0; i < table->column_count; i++)
		table->columns[i].digest = rows_copy(rows, 0, FIRST_DIGEST + (int)i, arena);
	return true;
}

static bool load_tables(struct session *db, const struct qualified_name *history, struct arena *arena,
                        struct database_rows *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, SQL_squash_tables, PARAMS(history_table_array(history, arena)), &rows, err))
		return false;
	out->table_count = rows_count(rows);
	out->tables = arena_array(arena, struct row_table, out->table_count);
	for (size_t i = 0; i < out->table_count; i++) {
		out->tables[i] = (struct row_table){.name = rows_copy(rows, i, TABLE_NAME, arena),
		                                    .is_of_extension = rows_flag(rows, i, TABLE_IS_OF_EXTENSION),
		                                    .has_triggers = rows_flag(rows, i, TABLE_HAS_TRIGGERS),
		                                    .is_view = rows_flag(rows, i, TABLE_IS_VIEW),
		                                    .refers_to = rows_copy(rows, i, TABLE_REFERS_TO, arena)};
		if (!load_digests(db, rows_text(rows, i, TABLE_DIGEST), &out->tables[i], arena, err))
			return false;
	}
	return true;
}

static bool load_besides(struct session *db, struct arena *arena, struct database_rows *out,
                         struct error *err)
{
	enum { TEXT, STATEMENT };
	scoped_rows struct rows *rows = NULL;

	if (!query(db, SQL_squash_beside, NO_PARAMS, &rows, err))
		return false;
	out->beside_count = rows_count(rows);
	out->beside_facts = arena_array(arena, struct beside, out->beside_count);
	for (size_t i = 0; i < out->beside_count; i++)
		out->beside_facts[i] = (struct beside){.text = rows_copy(rows, i, TEXT, arena),
		                                       .sql = rows_copy(rows, i, STATEMENT, arena)};
	return true;
}

bool database_rows_load(struct session *db, const struct qualified_name *history, struct arena *arena,
                        struct database_rows *out, struct error *err)
{
	return load_tables(db, history, arena, out, err) && load_besides(db, arena, out, err);
}

const struct row_table *database_rows_find(const struct database_rows *rows, const char *name)
{
	for (size_t i = 0; i < rows->table_count; i++)
		if (strcmp(rows->tables[i].name, name) == 0)
			return &rows->tables[i];
	return NULL;
}

const struct row_column *row_table_column(const struct row_table *table, const char *name)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].name, name) == 0)
			return &table->columns[i];
	return NULL;
}
