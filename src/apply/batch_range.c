#include <stdlib.h>
#include <string.h>

#include "apply/ourselves.h"
#include "apply/turns.h"
#include "base/buffer.h"

enum {
	MOST_PASSES = 20,
	CTID_RANGES_SINCE = 140000, /* before, every turn would read the whole table */
};

/* --- the table and its key ----------------------------------------------- */

static bool read_table(struct turns *turns, int64_t *pages, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(turns->run->db, SQL_apply_batch_table, PARAMS(turns->batch.table), &rows, err))
		return false;
	turns->table = rows_copy(rows, 0, 0, &turns->arena);
	turns->relation = rows_copy(rows, 0, 1, &turns->arena);
	turns->estimated_rows = rows_number(rows, 0, 2);
	*pages = rows_number(rows, 0, 3);
	return true;
}

/* Integers have no value below all others: one less than the least there is will do. */
static bool find_least(struct turns *turns, struct key_column *column, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const struct query_word words[] = {{"column", column->name}, {"table", turns->relation}};
	const char *sql = query_fill(&arena, SQL_apply_batch_least, words, sizeof(words) / sizeof(*words));

	if (!query_row(turns->run->db, sql, NO_PARAMS, &rows, err))
		return false;
	column->least = rows_text(rows, 0, 0) ? rows_copy(rows, 0, 0, &turns->arena) : "0";
	return true;
}

/* A row that no turn would come by: without a key, or with the one the first turn starts behind. */
static bool check_no_row_is_left_out(struct turns *turns, const struct key_column *column, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const struct query_word words[] = {{"column", column->name},
	                                   {"schema", column->schema},
	                                   {"table", turns->relation},
	                                   {"type", column->cast}};
	const char *sql = query_fill(&arena, SQL_apply_batch_left_out, words, sizeof(words) / sizeof(*words));

	if (!query_row(turns->run->db, sql, PARAMS(column->least), &rows, err))
		return false;
	if (!rows_flag(rows, 0, 0) && !rows_flag(rows, 0, 1))
		return true;
	error_set(err, ERROR_SQL, "a batch by %s would leave out rows where it is %s%s%s", column->name,
	          rows_flag(rows, 0, 0) ? "null" : "\"", rows_flag(rows, 0, 0) ? "" : column->least,
	          rows_flag(rows, 0, 0) ? "" : "\"");
	return error_hint(err, "Use another key, or ctid.");
}

static bool no_least_error(const struct key_column *column, struct error *err)
{
	error_set(err, ERROR_SQL, "a batch cannot start below all values of %s, of type %s", column->name,
	          column->type);
	return error_hint(err, "Use another key, or ctid.");
}

/* Where a turn ends is kept as text, and read again by another session. */
static bool cut_values_error(const struct key_column *column, const char *setting, struct error *err)
{
	const char *value = strcmp(setting, "IntervalStyle") == 0 ? "postgres" : "1";

	error_set(err, ERROR_SQL,
	          "a batch by %s, of type %s, cannot keep where it is: this session's %s changes values",
	          column->name, column->type, setting);
	return error_hint(err, "Set it for this connection: PGOPTIONS=\"-c %s=%s\"; or use another key, or ctid.",
	                  setting, value);
}

static bool read_column(struct turns *turns, size_t i, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct key_column *column = &turns->columns[i];

	if (!query(turns->run->db, SQL_apply_batch_column, PARAMS(turns->relation, turns->batch.columns[i]),
	           &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_SQL, "the table %s has no column \"%s\"", turns->table,
		                 turns->batch.columns[i]);
	*column = (struct key_column){.name = rows_copy(rows, 0, 0, &turns->arena),
	                              .type = rows_copy(rows, 0, 1, &turns->arena),
	                              .cast = rows_copy(rows, 0, 2, &turns->arena),
	                              .schema = rows_copy(rows, 0, 3, &turns->arena),
	                              .least = rows_copy(rows, 0, 4, &turns->arena),
	                              .is_moment = rows_flag(rows, 0, 6)};
	if (rows_text(rows, 0, 7))
		return cut_values_error(column, rows_text(rows, 0, 7), err);
	if (rows_flag(rows, 0, 5) && !find_least(turns, column, err))
		return false;
	return column->least || no_least_error(column, err);
}

/* The first column alone decides where a range of several starts; none of them may be null. */
static bool read_columns(struct turns *turns, struct error *err)
{
	for (size_t i = 0; i < turns->batch.column_count; i++)
		if (!read_column(turns, i, err))
			return false;
	return true;
}

static bool check_columns(struct turns *turns, struct error *err)
{
	for (size_t i = 0; i < turns->batch.column_count; i++)
		if (!check_no_row_is_left_out(turns, &turns->columns[i], err))
			return false;
	return true;
}

/* Without an index every turn sorts the rest of the table. */
static bool advise_index(struct turns *turns, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(turns->run->db, SQL_apply_batch_index, PARAMS(turns->relation, turns->batch.columns[0]),
	               &rows, err))
		return false;
	if (!rows_flag(rows, 0, 0))
		event_warning(turns->run->climb->reporter,
		              "no index of %s begins with %s: every turn reads the whole table", turns->table,
		              turns->columns[0].name);
	return true;
}

/* "k.a, k.b" or "k.a desc, k.b desc"; a bare name in ORDER BY would mean the output, which is text. */
static char *column_list(const struct turns *turns, const char *after, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < turns->batch.column_count; i++)
		buffer_printf(&list, "%sk.%s%s", i ? ", " : "", turns->columns[i].name, after);
	return buffer_cstr(&list);
}

/* The key as text that means the same under any DateStyle and TimeZone. */
static char *output_list(const struct turns *turns, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < turns->batch.column_count; i++)
		buffer_printf(&list,
		              turns->columns[i].is_moment
		                  ? "%spg_catalog.to_jsonb(k.%s) operator(pg_catalog.#>>) '{}'"
		                  : "%sk.%s::pg_catalog.text",
		              i ? ", " : "", turns->columns[i].name);
	return buffer_cstr(&list);
}

/* The parameter that holds the bound of a column; `first` is that of the first column. */
static char *bound(const struct turns *turns, size_t i, size_t first, struct arena *arena)
{
	return arena_printf(arena, "cast($%zu::pg_catalog.text as %s)", first + i, turns->columns[i].cast);
}

static char *bound_list(const struct turns *turns, size_t first, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < turns->batch.column_count; i++)
		buffer_printf(&list, "%s%s", i ? ", " : "", bound(turns, i, first, arena));
	return buffer_cstr(&list);
}

static bool operators_lie_together(const struct turns *turns)
{
	for (size_t i = 1; i < turns->batch.column_count; i++)
		if (strcmp(turns->columns[i].schema, turns->columns[0].schema) != 0)
			return false;
	return true;
}

/* The same as a comparison of rows, column by column: for > it is a >= x and (a > x or b > y). */
static const char *compare_columns(const struct turns *turns, const char *operator, size_t first,
                                   struct arena *arena)
{
	size_t i = turns->batch.column_count - 1;
	const struct key_column *key = &turns->columns[i];
	const char *text = arena_printf(arena, "k.%s operator(%s.%s) %s", key->name, key->schema, operator,
	                                bound(turns, i, first, arena));

	while (i-- > 0) {
		const char *value = bound(turns, i, first, arena);

		key = &turns->columns[i];
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
static const char *compare_key(const struct turns *turns, const char *operator, size_t first,
                               struct arena *arena)
{
	if (!operators_lie_together(turns))
		return compare_columns(turns, operator, first, arena);
	return arena_printf(arena, "row(%s) operator(%s.%s) row(%s)", column_list(turns, "", arena),
	                    turns->columns[0].schema, operator, bound_list(turns, first, arena));
}

static void copy_bounds(struct turns *turns, const struct rows *rows, const char **bounds)
{
	for (size_t i = 0; i < turns->batch.column_count; i++)
		bounds[i] = rows_copy(rows, 0, (int)i, &turns->arena);
}

/* The end is fixed now: rows that come later are the application's business, or a trigger's. */
static bool begin_by_key(struct turns *turns, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const struct query_word words[] = {{"outputs", output_list(turns, &arena)},
	                                   {"table", turns->relation},
	                                   {"keys_descending", column_list(turns, " desc", &arena)}};
	const char *sql = query_fill(&arena, SQL_apply_batch_end, words, sizeof(words) / sizeof(*words));

	if (!check_columns(turns, err) || !advise_index(turns, err))
		return false;
	if (!query(turns->run->db, sql, NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < turns->batch.column_count; i++)
		turns->position.lo[i] = turns->columns[i].least;
	if (rows_count(rows))
		copy_bounds(turns, rows, turns->position.hi);
	else
		memcpy(turns->position.hi, turns->position.lo, sizeof(turns->position.hi));
	return true;
}

static void begin_by_page(struct turns *turns, int64_t pages)
{
	turns->position.lo[0] = "(0,0)";
	turns->position.hi[0] = arena_printf(&turns->arena, "(%lld,0)", (long long)pages);
}

static bool check_ctid(struct turns *turns, struct error *err)
{
	if (session_server_version(turns->run->db) >= CTID_RANGES_SINCE)
		return true;
	error_set(err, ERROR_SQL, "batches by ctid need PostgreSQL 14 or later");
	return error_hint(err, "Give the batch a key.");
}

static bool load_position(struct turns *turns, bool *found, struct error *err)
{
	struct run *run = turns->run;
	const bool is_loaded =
	    ourselves_begin(run, err) &&
	    position_load(run->db, &run->climb->history, turns->place->version, turns->place->statement,
	                  turns->place->checksum, &turns->arena, &turns->position, found, err);

	ourselves_end(run);
	return is_loaded;
}

bool turns_begin(struct turns *turns, struct error *err)
{
	int64_t pages = 0;
	bool found = false;

	if (!load_position(turns, &found, err))
		return false;
	if ((turns->batch.table && !read_table(turns, &pages, err)) || !read_columns(turns, err))
		return false;
	turns->rows_before = turns->position.rows;
	if (found)
		return true;
	turns->position.pass = 1;
	turns->position.size = turns->batch.size;
	switch (turns->batch.way) {
	case BATCH_BY_KEY:
		return begin_by_key(turns, err);
	case BATCH_BY_CTID:
		begin_by_page(turns, pages);
		return check_ctid(turns, err);
	case BATCH_REPEAT:
		return true;
	}
	return true;
}

/* --- where the next turn ends -------------------------------------------- */

static bool next_key(struct turns *turns, const char **next, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const size_t count = turns->batch.column_count;
	const char *values[1 + 2 * BATCH_MOST_COLUMNS];
	const struct query_word words[] = {{"outputs", output_list(turns, &arena)},
	                                   {"table", turns->relation},
	                                   {"is_behind", compare_key(turns, ">", 2, &arena)},
	                                   {"is_within", compare_key(turns, "<=", 2 + count, &arena)},
	                                   {"keys", column_list(turns, "", &arena)}};
	const char *sql = query_fill(&arena, SQL_apply_batch_next, words, sizeof(words) / sizeof(*words));

	values[0] = arena_printf(&arena, "%lld", (long long)turns->position.size - 1);
	for (size_t i = 0; i < count; i++) {
		values[1 + i] = turns->position.lo[i];
		values[1 + count + i] = turns->position.hi[i];
	}
	if (!query(turns->run->db, sql, (struct params){values, (int)(1 + 2 * count)}, &rows, err))
		return false;
	if (rows_count(rows))
		copy_bounds(turns, rows, next);
	else
		memcpy(next, turns->position.hi, sizeof(*next) * count);
	return true;
}

static int64_t page_of(const char *tid)
{
	return strtoll(tid + 1, NULL, 10);
}

/* As many pages as hold about as many rows. */
static void next_page(struct turns *turns, const char **next)
{
	const int64_t pages = page_of(turns->position.hi[0]);
	const int64_t rows_a_page = pages && turns->estimated_rows > pages ? turns->estimated_rows / pages : 1;
	const int64_t step = turns->position.size / rows_a_page ? turns->position.size / rows_a_page : 1;
	const int64_t page = page_of(turns->position.lo[0]) + step;

	next[0] = arena_printf(&turns->arena, "(%lld,0)", (long long)(page < pages ? page : pages));
}

bool turns_find_next(struct turns *turns, const char **next, struct error *err)
{
	switch (turns->batch.way) {
	case BATCH_BY_KEY:
		return next_key(turns, next, err);
	case BATCH_BY_CTID:
		next_page(turns, next);
		return true;
	case BATCH_REPEAT:
		return true;
	}
	return true;
}

static bool bounds_equal(const struct turns *turns, const char *const *a, const char *const *b)
{
	const size_t count = turns->batch.way == BATCH_BY_KEY ? turns->batch.column_count : 1;

	for (size_t i = 0; i < count; i++)
		if (!a[i] || !b[i] || strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

/* --- how far it is -------------------------------------------------------- */

/* Rows that others moved meanwhile are met in a further pass; one that changes nothing is the last. */
static bool begin_next_pass(struct turns *turns, struct error *err)
{
	int64_t pages = 0;

	if (turns->position.pass == MOST_PASSES) {
		error_set(err, ERROR_SQL, "the batch still changes rows in pass %d", MOST_PASSES);
		return error_hint(err, "Its WHERE must leave out what is done already.");
	}
	if (!read_table(turns, &pages, err))
		return false;
	begin_by_page(turns, pages);
	turns->position.pass++;
	turns->position.rows_in_pass = 0;
	return true;
}

/* Whether the turn just taken was the last. */
bool turns_judge(struct turns *turns, int64_t rows_of_turn, bool *whole, struct error *err)
{
	*whole = false;
	switch (turns->batch.way) {
	case BATCH_REPEAT:
		*whole = rows_of_turn == 0;
		return true;
	case BATCH_BY_KEY:
		*whole = bounds_equal(turns, turns->position.lo, turns->position.hi);
		return true;
	case BATCH_BY_CTID:
		break;
	}
	if (!bounds_equal(turns, turns->position.lo, turns->position.hi))
		return true;
	*whole = turns->position.rows_in_pass == 0;
	return *whole || begin_next_pass(turns, err);
}

/* How far by the rows there are said to be; by pages where turns go by pages. */
double turns_fraction(const struct turns *turns)
{
	double fraction = -1;

	if (turns->batch.way == BATCH_BY_CTID && page_of(turns->position.hi[0]) > 0)
		fraction = (double)page_of(turns->position.lo[0]) / (double)page_of(turns->position.hi[0]);
	else if (turns->estimated_rows > 0)
		fraction = (double)turns->position.rows / (double)turns->estimated_rows;
	return fraction > 1 ? 1 : fraction;
}
