/*
 * What was written and changed and deleted on the way does not matter, only what is left; so nothing of the
 * old statements is looked at. What is left is written as literals without a type, which the server reads as
 * it reads any text for a column of that type.
 *
 * Triggers do not fire for them: the migrations' own did already.
 */
#include "command/squash/reference_rows.h"

#include <string.h>

#include "base/buffer.h"

enum {
	MOST_ROWS = 10000,
	MOST_BYTES = 4 * 1024 * 1024,
};

struct writing {
	const struct reference_rows_options *options;
	struct arena *arena;
	struct buffer sql;
	struct reference_rows out;
	const struct row_table **left; /* tables that are still to be written */
	size_t left_count;
};

/* --- which columns ----------------------------------------------------------------- */

bool column_is_stable(const struct row_column *column, const struct row_table *again)
{
	const struct row_column *other = again ? row_table_column(again, column->name) : NULL;

	return !column->is_default && column->digest && other && other->digest &&
	       strcmp(column->digest, other->digest) == 0;
}

static bool refuse_unstable(const struct row_table *table, const char *what, struct error *err)
{
	error_set(err, ERROR_FOUND, "%s of the table %s differs each time the migrations run", what, table->name);
	error_detail(err, "The squashed file could not write the same rows.");
	return error_hint(err, "Squash up to before the migration that writes them (--to), or give the column a "
	                       "default that makes the value.");
}

static bool check_columns(struct writing *writing, const struct row_table *table, struct error *err)
{
	const struct row_table *again = database_rows_find(writing->options->again, table->name);

	if (!again || again->count != table->count)
		return refuse_unstable(table, "the number of rows", err);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct row_column *column = &table->columns[i];

		if (column->is_generated || column_is_stable(column, again))
			continue;
		if (!column->has_default)
			return refuse_unstable(table, arena_printf(writing->arena, "the column %s", column->name), err);
		*ARENA_PUSH(writing->arena, writing->out.left_to_default, writing->out.left_count) =
		    arena_printf(writing->arena, "%s.%s", table->name, column->name);
	}
	return true;
}

/* Of columns that are written: their names, their literals, and an order that is the same each time. */
struct column_lists {
	struct buffer names;
	struct buffer literals;
	struct buffer keys;
	bool has_identity;
};

static void list_columns(const struct row_table *table, const struct row_table *again, bool with_generated,
                         struct arena *arena, struct column_lists *out)
{
	bool has_whole_key = true;

	*out = (struct column_lists){{.arena = arena}, {.arena = arena}, {.arena = arena}, false};
	for (size_t i = 0; i < table->column_count; i++) {
		const struct row_column *column = &table->columns[i];
		const char *joint = out->names.len ? ", " : "";

		has_whole_key &= !column->is_key || column_is_stable(column, again);
		if (column->is_key)
			buffer_printf(&out->keys, "%s%s", out->keys.len ? ", " : "", column->name);
		if ((column->is_generated && !with_generated) || !column_is_stable(column, again))
			continue;
		out->has_identity |= column->is_identity;
		buffer_printf(&out->names, "%s%s", joint, column->name);
		buffer_printf(&out->literals, "%s%s", joint, column->literal);
	}
	if (!has_whole_key || !out->keys.len)
		out->keys = out->literals;
}

bool table_digest(struct session *db, const struct row_table *table, const struct row_table *again,
                  struct arena *arena, const char **out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct column_lists lists;

	*out = "";
	list_columns(table, again, true, arena, &lists);
	if (!lists.literals.len)
		return true;
	const struct query_word words[] = {{"literals", buffer_cstr(&lists.literals)}, {"table", table->name}};
	if (!query_row(db, query_fill(arena, SQL_squash_digest, words, 2), NO_PARAMS, &rows, err))
		return false;
	*out = rows_copy(rows, 0, ONLY_COLUMN, arena);
	return true;
}

/* --- one table --------------------------------------------------------------------- */

static bool refuse_size(const struct row_table *table, struct error *err)
{
	error_set(err, ERROR_FOUND,
	          "the migrations leave too many rows to be written into a migration: %zu in %s", table->count,
	          table->name);
	return error_hint(err, "Squash up to before the migration that writes them (--to), or load them from "
	                       "a seed file (schema/seed).");
}

/* A word of its own: what is written is for a file, and no query of ours. */
static const char insert[] = "INSERT";

static void write_defaults(struct writing *writing, const struct row_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		buffer_printf(&writing->sql, "%s INTO %s DEFAULT VALUES;\n", insert, table->name);
}

static void write_rows(struct writing *writing, const struct row_table *table, struct column_lists *lists,
                       const struct rows *rows)
{
	buffer_printf(&writing->sql, "%s INTO %s (%s)%s VALUES\n", insert, table->name,
	              buffer_cstr(&lists->names), lists->has_identity ? " OVERRIDING SYSTEM VALUE" : "");
	for (size_t i = 0; i < rows_count(rows); i++)
		buffer_printf(&writing->sql, "%s    (%s)", i ? ",\n" : "", rows_text(rows, i, ONLY_COLUMN));
	buffer_text(&writing->sql, ";\n");
}

static bool write_insert(struct writing *writing, const struct row_table *table, struct error *err)
{
	const struct row_table *again = database_rows_find(writing->options->again, table->name);
	scoped_rows struct rows *rows = NULL;
	struct column_lists lists;

	list_columns(table, again, false, writing->arena, &lists);
	if (!lists.names.len) {
		write_defaults(writing, table);
		return true;
	}
	const struct query_word words[] = {{"literals", buffer_cstr(&lists.literals)},
	                                   {"table", table->name},
	                                   {"order", buffer_cstr(&lists.keys)}};
	if (!query(writing->options->db, query_fill(writing->arena, SQL_squash_literals, words, 3), NO_PARAMS,
	           &rows, err))
		return false;
	write_rows(writing, table, &lists, rows);
	return true;
}

static bool write_table(struct writing *writing, const struct row_table *table, struct error *err)
{
	writing->out.table_count++;
	writing->out.row_count += table->count;
	if (writing->out.row_count > MOST_ROWS)
		return refuse_size(table, err);
	buffer_printf(&writing->sql, "\n-- rows of %s\n", table->name);
	if (table->has_triggers)
		buffer_printf(&writing->sql, "ALTER TABLE %s DISABLE TRIGGER USER;\n", table->name);
	if (!check_columns(writing, table, err) || !write_insert(writing, table, err))
		return false;
	if (table->has_triggers)
		buffer_printf(&writing->sql, "ALTER TABLE %s ENABLE TRIGGER USER;\n", table->name);
	return writing->sql.len <= MOST_BYTES || refuse_size(table, err);
}

/* --- which tables, and in what order ------------------------------------------------- */

/* Rows that were there before must be the same afterwards: a difference would be statements of another kind.
 */
static bool check_before(const struct writing *writing, const struct row_table *table,
                         const struct row_table *before, struct error *err)
{
	const struct row_table *again = database_rows_find(writing->options->again, table->name);
	bool is_same = before->count == table->count;

	for (size_t i = 0; i < table->column_count; i++) {
		const struct row_column *column = &table->columns[i];
		const struct row_column *other = row_table_column(before, column->name);

		if (column_is_stable(column, again))
			is_same &= other && other->digest && strcmp(other->digest, column->digest) == 0;
	}
	if (is_same)
		return true;
	error_set(err, ERROR_FOUND, "the migrations to be squashed change rows of %s that earlier ones write",
	          table->name);
	return error_hint(err, "Squash from the beginning: without --from.");
}

static bool choose_tables(struct writing *writing, struct error *err)
{
	const struct database_rows *rows = writing->options->rows;

	writing->left = arena_array(writing->arena, const struct row_table *, rows->table_count);
	for (size_t i = 0; i < rows->table_count; i++) {
		const struct row_table *table = &rows->tables[i];
		const struct row_table *before = database_rows_find(writing->options->before, table->name);

		if (!table->count || table->is_of_extension || table->is_view)
			continue;
		if (!before || !before->count)
			writing->left[writing->left_count++] = table;
		else if (!check_before(writing, table, before, err))
			return false;
	}
	return true;
}

static bool refers_to(const struct row_table *table, const struct row_table *other)
{
	struct str rest = str_of(table->refers_to ? table->refers_to : "");
	struct str line;

	while (str_line_next(&rest, &line))
		if (str_is(line, other->name))
			return true;
	return false;
}

static bool waits(const struct writing *writing, const struct row_table *table)
{
	for (size_t i = 0; i < writing->left_count; i++)
		if (writing->left[i] != table && refers_to(table, writing->left[i]))
			return true;
	return false;
}

static void take_out(struct writing *writing, size_t at)
{
	writing->left_count--;
	memmove(&writing->left[at], &writing->left[at + 1], (writing->left_count - at) * sizeof(*writing->left));
}

static bool write_next(struct writing *writing, struct error *err)
{
	for (size_t i = 0; i < writing->left_count; i++) {
		const struct row_table *table = writing->left[i];

		if (waits(writing, table))
			continue;
		take_out(writing, i);
		return write_table(writing, table, err);
	}
	error_set(err, ERROR_FOUND, "rows of %s and of other tables refer to each other", writing->left[0]->name);
	return error_hint(err, "Squash up to before the migration that writes them (--to).");
}

/* --- behind the rows ------------------------------------------------------------------ */

static bool was_so(const struct writing *writing, const struct beside *beside)
{
	for (size_t i = 0; i < writing->options->before->beside_count; i++)
		if (strcmp(writing->options->before->beside_facts[i].text, beside->text) == 0)
			return true;
	return false;
}

static void write_sequences(struct writing *writing)
{
	const struct database_rows *rows = writing->options->rows;
	bool is_first = true;

	for (size_t i = 0; i < rows->beside_count; i++) {
		if (!rows->beside_facts[i].sql || was_so(writing, &rows->beside_facts[i]))
			continue;
		buffer_printf(&writing->sql, "%s%s;\n", is_first ? "\n-- where sequences continue\n" : "",
		              rows->beside_facts[i].sql);
		is_first = false;
	}
}

static void write_refreshes(struct writing *writing)
{
	const struct database_rows *rows = writing->options->rows;

	for (size_t i = 0; i < rows->table_count; i++)
		if (rows->tables[i].is_view && rows->tables[i].count)
			buffer_printf(&writing->sql, "REFRESH MATERIALIZED VIEW %s;\n", rows->tables[i].name);
}

bool reference_rows_make(const struct reference_rows_options *options, struct arena *arena,
                         struct reference_rows *out, struct error *err)
{
	struct writing writing = {.options = options, .arena = arena, .sql = {.arena = arena}};

	if (!choose_tables(&writing, err))
		return false;
	while (writing.left_count)
		if (!write_next(&writing, err))
			return false;
	if (writing.out.table_count)
		write_refreshes(&writing);
	write_sequences(&writing);
	*out = writing.out;
	out->sql = buffer_cstr(&writing.sql);
	return true;
}
