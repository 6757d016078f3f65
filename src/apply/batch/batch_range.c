/*
 * A range has to mean the same in another session, after a kill and under other settings, so bounds are
 * kept as text that is read the same everywhere: dates in ISO 8601 (to_jsonb), and sessions whose
 * settings cut values of floats or intervals are refused.
 *
 * The upper end is fixed when the batch begins. Otherwise a table that grows would never be done, and
 * rows that come later are written by code that knows the new rule anyway. The lower end is below all
 * values, because "behind" is strict: a row that no range would reach is looked for first and refused, in
 * place of being left out in silence.
 *
 * Where a chunk ends is found by walking `size` rows along the key, not by adding to it: keys have gaps.
 * A comparison of rows can use an index of all columns; it is written out column by column only where the
 * columns' operators lie in different schemas.
 *
 * Pages (ctid) need no key. Rows that are changed move behind, so passes are repeated until one changes
 * nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "apply/as_session_user.h"
#include "apply/batch/batch_internal.h"
#include "base/buffer.h"

enum {
	MOST_PASSES = 20,
	CTID_RANGES_SINCE = 140000, /* before, every chunk would read the whole table */
};

/* --- the table and its key ----------------------------------------------- */

/* The columns of table.sql. */
enum {
	TABLE_SHOWN,
	TABLE_RELATION,
	TABLE_ROWS,
	TABLE_PAGES,
	TABLE_WITHOUT_PAGES,
};

static bool read_table(struct batch_run *batch_run, int64_t *pages, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(batch_run->run->db, SQL_batch_table, PARAMS(batch_run->batch.table), &rows, err))
		return false;
	batch_run->table = rows_copy(rows, 0, TABLE_SHOWN, &batch_run->arena);
	batch_run->relation = rows_copy(rows, 0, TABLE_RELATION, &batch_run->arena);
	batch_run->estimated_rows = rows_number(rows, 0, TABLE_ROWS);
	*pages = rows_number(rows, 0, TABLE_PAGES);
	if (batch_run->batch.way != BATCH_BY_CTID || !rows_text(rows, 0, TABLE_WITHOUT_PAGES))
		return true;
	error_set(err, ERROR_SQL, "a batch by ctid goes by pages, and \"%s\" has none",
	          rows_text(rows, 0, TABLE_WITHOUT_PAGES));
	return error_hint(err, "Give the batch a key, or name a table.");
}

/* Integers have no value below all others: one less than the least there is will do. */
static bool find_least(struct batch_run *batch_run, struct key_column *column, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const struct query_word words[] = {{"column", column->name}, {"table", batch_run->relation}};
	const char *sql = query_fill(&arena, SQL_batch_least, words, sizeof(words) / sizeof(*words));

	if (!query_row(batch_run->run->db, sql, NO_PARAMS, &rows, err))
		return false;
	column->least =
	    rows_text(rows, 0, ONLY_COLUMN) ? rows_copy(rows, 0, ONLY_COLUMN, &batch_run->arena) : "0";
	return true;
}

static bool no_least_error(const struct key_column *column, struct error *err)
{
	error_set(err, ERROR_SQL, "a batch cannot start below all values of %s, of type %s", column->name,
	          column->type);
	return error_hint(err, "Use another key, or ctid.");
}

/* Where a chunk ends is kept as text, and read again by another session. */
static bool cut_values_error(const struct key_column *column, const char *setting, struct error *err)
{
	const char *value = strcmp(setting, "IntervalStyle") == 0 ? "postgres" : "1";

	error_set(err, ERROR_SQL,
	          "a batch by %s, of type %s, cannot record its progress: this session's %s changes values",
	          column->name, column->type, setting);
	return error_hint(err, "Set it for this connection: PGOPTIONS=\"-c %s=%s\"; or use another key, or ctid.",
	                  setting, value);
}

/* The columns of column.sql. */
enum {
	COLUMN_NAME,
	COLUMN_TYPE,
	COLUMN_CAST,
	COLUMN_SCHEMA,
	COLUMN_LEAST,
	COLUMN_IS_NUMBER,
	COLUMN_IS_MOMENT,
	COLUMN_CUT_BY,
};

static bool read_column(struct batch_run *batch_run, size_t i, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct key_column *column = &batch_run->columns[i];

	if (!query(batch_run->run->db, SQL_batch_column, PARAMS(batch_run->relation, batch_run->batch.columns[i]),
	           &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_SQL, "the table %s has no column \"%s\"", batch_run->table,
		                 batch_run->batch.columns[i]);
	*column = (struct key_column){.name = rows_copy(rows, 0, COLUMN_NAME, &batch_run->arena),
	                              .type = rows_copy(rows, 0, COLUMN_TYPE, &batch_run->arena),
	                              .cast = rows_copy(rows, 0, COLUMN_CAST, &batch_run->arena),
	                              .schema = rows_copy(rows, 0, COLUMN_SCHEMA, &batch_run->arena),
	                              .least = rows_copy(rows, 0, COLUMN_LEAST, &batch_run->arena),
	                              .is_moment = rows_flag(rows, 0, COLUMN_IS_MOMENT)};
	if (rows_text(rows, 0, COLUMN_CUT_BY))
		return cut_values_error(column, rows_text(rows, 0, COLUMN_CUT_BY), err);
	if (rows_flag(rows, 0, COLUMN_IS_NUMBER) && !find_least(batch_run, column, err))
		return false;
	return column->least || no_least_error(column, err);
}

/* `columns` is complete afterwards; whether rows would be left out is asked only where a batch begins. */
static bool read_columns(struct batch_run *batch_run, struct error *err)
{
	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		if (!read_column(batch_run, i, err))
			return false;
	return true;
}

/* Without an index every chunk sorts the rest of the table. */
static bool advise_index(struct batch_run *batch_run, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(batch_run->run->db, SQL_batch_index,
	               PARAMS(batch_run->relation, batch_run->batch.columns[0]), &rows, err))
		return false;
	if (!rows_flag(rows, 0, ONLY_COLUMN))
		event_warning(batch_run->run->options->reporter,
		              "no index of %s begins with %s: every chunk reads the whole table", batch_run->table,
		              batch_run->columns[0].name);
	return true;
}

/* "k.a, k.b" or "k.a desc, k.b desc"; a bare name in ORDER BY would mean the output, which is text. */
static char *column_list(const struct batch_run *batch_run, const char *after, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		buffer_printf(&list, "%sk.%s%s", i ? ", " : "", batch_run->columns[i].name, after);
	return buffer_cstr(&list);
}

/* The key as text that means the same under any DateStyle and TimeZone. */
static char *output_list(const struct batch_run *batch_run, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		buffer_printf(&list,
		              batch_run->columns[i].is_moment
		                  ? "%spg_catalog.to_jsonb(k.%s) operator(pg_catalog.#>>) '{}'"
		                  : "%sk.%s::pg_catalog.text",
		              i ? ", " : "", batch_run->columns[i].name);
	return buffer_cstr(&list);
}

/* The parameter that holds the bound of a column; `first` is that of the first column. */
static char *bound(const struct batch_run *batch_run, size_t i, size_t first, struct arena *arena)
{
	return arena_printf(arena, "cast($%zu::pg_catalog.text as %s)", first + i, batch_run->columns[i].cast);
}

static char *bound_list(const struct batch_run *batch_run, size_t first, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		buffer_printf(&list, "%s%s", i ? ", " : "", bound(batch_run, i, first, arena));
	return buffer_cstr(&list);
}

static bool operators_lie_together(const struct batch_run *batch_run)
{
	for (size_t i = 1; i < batch_run->batch.column_count; i++)
		if (strcmp(batch_run->columns[i].schema, batch_run->columns[0].schema) != 0)
			return false;
	return true;
}

/* The same as a comparison of rows, column by column: for > it is a >= x and (a > x or b > y). */
static const char *compare_columns(const struct batch_run *batch_run, const char *operator, size_t first,
                                   struct arena *arena)
{
	size_t i = batch_run->batch.column_count - 1;
	const struct key_column *key = &batch_run->columns[i];
	const char *text = arena_printf(arena, "k.%s operator(%s.%s) %s", key->name, key->schema, operator,
	                                bound(batch_run, i, first, arena));

	while (i-- > 0) {
		const char *value = bound(batch_run, i, first, arena);

		key = &batch_run->columns[i];
		text =
		    arena_printf(arena, "k.%s operator(%s.%c=) %s and (k.%s operator(%s.%c) %s or (%s))", key->name,
		                 key->schema, operator[0], value, key->name, key->schema, operator[0], value, text);
	}
	return text;
}

/*
 * The key against the bounds that begin at parameter `first`. A comparison
 * of rows can use an index of all columns, but it has one operator for all:
 * the schema of an extension's type may hold another than that of the rest.
 */
static const char *compare_key(const struct batch_run *batch_run, const char *operator, size_t first,
                               struct arena *arena)
{
	if (!operators_lie_together(batch_run))
		return compare_columns(batch_run, operator, first, arena);
	return arena_printf(arena, "row(%s) operator(%s.%s) row(%s)", column_list(batch_run, "", arena),
	                    batch_run->columns[0].schema, operator, bound_list(batch_run, first, arena));
}

/* The columns of left_out.sql. */
enum {
	LEFT_OUT_NULL,
	LEFT_OUT_LEAST,
};

static bool is_null_error(const struct key_column *column, struct error *err)
{
	error_set(err, ERROR_SQL, "a batch by %s would skip rows where it is null", column->name);
	return error_hint(err, "Use another key, or ctid.");
}

static bool is_at_start_error(const struct batch_run *batch_run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer names = {.arena = &arena}, values = {.arena = &arena};

	for (size_t i = 0; i < batch_run->batch.column_count; i++) {
		buffer_printf(&names, "%s%s", i ? ", " : "", batch_run->columns[i].name);
		buffer_printf(&values, "%s\"%s\"", i ? ", " : "", batch_run->columns[i].least);
	}
	error_set(err, ERROR_SQL, "a batch by %s would skip rows where it is %s", buffer_cstr(&names),
	          buffer_cstr(&values));
	return error_hint(err, "Use another key, or ctid.");
}

/* A row that no chunk would come by: with a null in its key, or with the one the first chunk starts behind.
 */
static bool check_no_row_is_left_out(struct batch_run *batch_run, const struct key_column *column,
                                     struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const char *least[BATCH_MOST_COLUMNS];
	const struct query_word words[] = {{"column", column->name},
	                                   {"table", batch_run->relation},
	                                   {"is_at_start", compare_key(batch_run, "<=", 1, &arena)}};
	const char *sql = query_fill(&arena, SQL_batch_left_out, words, sizeof(words) / sizeof(*words));

	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		least[i] = batch_run->columns[i].least;
	if (!query_row(batch_run->run->db, sql, (struct params){least, (int)batch_run->batch.column_count}, &rows,
	               err))
		return false;
	if (rows_flag(rows, 0, LEFT_OUT_NULL))
		return is_null_error(column, err);
	return !rows_flag(rows, 0, LEFT_OUT_LEAST) || is_at_start_error(batch_run, err);
}

static bool check_columns(struct batch_run *batch_run, struct error *err)
{
	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		if (!check_no_row_is_left_out(batch_run, &batch_run->columns[i], err))
			return false;
	return true;
}

static void copy_bounds(struct batch_run *batch_run, const struct rows *rows, const char **bounds)
{
	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		bounds[i] = rows_copy(rows, 0, (int)i, &batch_run->arena);
}

/* The end is fixed now: rows that come later are the application's business, or a trigger's. */
static bool begin_by_key(struct batch_run *batch_run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const struct query_word words[] = {{"outputs", output_list(batch_run, &arena)},
	                                   {"table", batch_run->relation},
	                                   {"keys_descending", column_list(batch_run, " desc", &arena)}};
	const char *sql = query_fill(&arena, SQL_batch_end, words, sizeof(words) / sizeof(*words));

	if (!check_columns(batch_run, err) || !advise_index(batch_run, err))
		return false;
	if (!query(batch_run->run->db, sql, NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < batch_run->batch.column_count; i++)
		batch_run->position.lo[i] = batch_run->columns[i].least;
	if (rows_count(rows))
		copy_bounds(batch_run, rows, batch_run->position.hi);
	else
		memcpy(batch_run->position.hi, batch_run->position.lo, sizeof(batch_run->position.hi));
	return true;
}

static void begin_by_page(struct batch_run *batch_run, int64_t pages)
{
	batch_run->position.lo[0] = "(0,0)";
	batch_run->position.hi[0] = arena_printf(&batch_run->arena, "(%lld,0)", (long long)pages);
}

static bool check_ctid(struct batch_run *batch_run, struct error *err)
{
	if (session_server_version(batch_run->run->db) >= CTID_RANGES_SINCE)
		return true;
	error_set(err, ERROR_SQL, "batches by ctid need PostgreSQL 14 or later");
	return error_hint(err, "Give the batch a key.");
}

static bool load_position(struct batch_run *batch_run, bool *found, struct error *err)
{
	struct run *run = batch_run->run;
	const bool is_loaded =
	    as_session_user_begin(run, err) &&
	    position_load(run->db, &run->options->history, batch_run->place->version, batch_run->place->statement,
	                  batch_run->place->checksum, &batch_run->arena, &batch_run->position, found, err);

	as_session_user_end(run);
	return is_loaded;
}

bool batch_run_begin(struct batch_run *batch_run, struct error *err)
{
	int64_t pages = 0;
	bool found = false;

	if (!load_position(batch_run, &found, err))
		return false;
	if ((batch_run->batch.table && !read_table(batch_run, &pages, err)) || !read_columns(batch_run, err))
		return false;
	batch_run->rows_before = batch_run->position.rows;
	if (found)
		return true;
	batch_run->position.pass = 1;
	batch_run->position.size = batch_run->batch.size;
	switch (batch_run->batch.way) {
	case BATCH_BY_KEY:
		return begin_by_key(batch_run, err);
	case BATCH_BY_CTID:
		begin_by_page(batch_run, pages);
		return check_ctid(batch_run, err);
	case BATCH_REPEAT:
		return true;
	}
	return true;
}

/* --- where the next chunk ends -------------------------------------------- */

static bool next_key(struct batch_run *batch_run, const char **next, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const size_t count = batch_run->batch.column_count;
	const char *values[1 + 2 * BATCH_MOST_COLUMNS];
	const struct query_word words[] = {{"outputs", output_list(batch_run, &arena)},
	                                   {"table", batch_run->relation},
	                                   {"is_behind", compare_key(batch_run, ">", 2, &arena)},
	                                   {"is_within", compare_key(batch_run, "<=", 2 + count, &arena)},
	                                   {"keys", column_list(batch_run, "", &arena)}};
	const char *sql = query_fill(&arena, SQL_batch_next, words, sizeof(words) / sizeof(*words));

	values[0] = arena_printf(&arena, "%lld", (long long)batch_run->position.size - 1);
	for (size_t i = 0; i < count; i++) {
		values[1 + i] = batch_run->position.lo[i];
		values[1 + count + i] = batch_run->position.hi[i];
	}
	if (!query(batch_run->run->db, sql, (struct params){values, (int)(1 + 2 * count)}, &rows, err))
		return false;
	if (rows_count(rows))
		copy_bounds(batch_run, rows, next);
	else
		memcpy(next, batch_run->position.hi, sizeof(*next) * count);
	return true;
}

static int64_t page_of(const char *tid)
{
	return strtoll(tid + 1, NULL, 10);
}

/* As many pages as hold about as many rows. */
static void next_page(struct batch_run *batch_run, const char **next)
{
	const int64_t pages = page_of(batch_run->position.hi[0]);
	const int64_t rows_a_page =
	    pages && batch_run->estimated_rows > pages ? batch_run->estimated_rows / pages : 1;
	const int64_t step = batch_run->position.size / rows_a_page ? batch_run->position.size / rows_a_page : 1;
	const int64_t page = page_of(batch_run->position.lo[0]) + step;

	next[0] = arena_printf(&batch_run->arena, "(%lld,0)", (long long)(page < pages ? page : pages));
}

bool batch_run_find_next(struct batch_run *batch_run, const char **next, struct error *err)
{
	switch (batch_run->batch.way) {
	case BATCH_BY_KEY:
		return next_key(batch_run, next, err);
	case BATCH_BY_CTID:
		next_page(batch_run, next);
		return true;
	case BATCH_REPEAT:
		return true;
	}
	return true;
}

static bool bounds_equal(const struct batch_run *batch_run, const char *const *a, const char *const *b)
{
	const size_t count = batch_run->batch.way == BATCH_BY_KEY ? batch_run->batch.column_count : 1;

	for (size_t i = 0; i < count; i++)
		if (!a[i] || !b[i] || strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

/* --- how far it is -------------------------------------------------------- */

/* Rows that others moved meanwhile are met in a further pass; one that changes nothing is the last. */
static bool begin_next_pass(struct batch_run *batch_run, struct error *err)
{
	int64_t pages = 0;

	if (batch_run->position.pass == MOST_PASSES) {
		error_set(err, ERROR_SQL, "the batch still changes rows in pass %d", MOST_PASSES);
		return error_hint(err, "Its WHERE must exclude rows that are done.");
	}
	if (!read_table(batch_run, &pages, err))
		return false;
	begin_by_page(batch_run, pages);
	batch_run->position.pass++;
	batch_run->position.rows_in_pass = 0;
	return true;
}

/* Whether the chunk just done was the last. */
bool batch_run_check_end(struct batch_run *batch_run, int64_t rows_of_chunk, bool *whole, struct error *err)
{
	*whole = false;
	switch (batch_run->batch.way) {
	case BATCH_REPEAT:
		*whole = rows_of_chunk == 0;
		return true;
	case BATCH_BY_KEY:
		*whole = bounds_equal(batch_run, batch_run->position.lo, batch_run->position.hi);
		return true;
	case BATCH_BY_CTID:
		break;
	}
	if (!bounds_equal(batch_run, batch_run->position.lo, batch_run->position.hi))
		return true;
	*whole = batch_run->position.rows_in_pass == 0;
	return *whole || begin_next_pass(batch_run, err);
}

/* How far by the rows there are said to be; by pages where chunks go by pages. */
double batch_run_fraction(const struct batch_run *batch_run)
{
	double fraction = -1;

	if (batch_run->batch.way == BATCH_BY_CTID && page_of(batch_run->position.hi[0]) > 0)
		fraction = (double)page_of(batch_run->position.lo[0]) / (double)page_of(batch_run->position.hi[0]);
	else if (batch_run->estimated_rows > 0)
		fraction = (double)batch_run->position.rows / (double)batch_run->estimated_rows;
	return fraction > 1 ? 1 : fraction;
}
