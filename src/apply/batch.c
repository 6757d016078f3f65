#include "apply/batch.h"

#include <stdlib.h>
#include <string.h>

#include "apply/lookout.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "history/position.h"
#include "migration/batch.h"

enum {
	SMALLEST_TURN = 100,
	LARGEST_TURN = 100000,
	MOST_TIMEOUTS_A_TURN = 10,
	MOST_PASSES = 20,
	CTID_RANGES_SINCE = 140000, /* before, every turn would read the whole table */
	LOCK_TIMEOUT_MS = 1000,
	SPEAK_EVERY_MS = 250, /* the reporter says less of it where less is wanted */
	LAG_EVERY_MS = 500,
	RETRY_EVERY_MS = 200,
};

struct key_column {
	const char *name; /* quoted */
	const char *type;
	const char *least; /* below all values */
};

/* One batch on its way. */
struct turns {
	struct run *run;
	const struct passage *passage;
	const struct statement *statement;
	const struct batch_place *place;
	const struct request *done;
	struct arena arena; /* of the batch */
	struct batch batch;
	struct position position;
	const char *text;  /* the statement with parameters */
	const char *table; /* quoted */
	struct key_column columns[BATCH_MOST_COLUMNS];
	int64_t estimated_rows;
	int64_t began_ms;
	int64_t spoke_ms;
	int64_t rows_before; /* done by earlier runs */
	bool lag_is_unknown;
};

static void turns_clear(struct turns *turns)
{
	arena_clear(&turns->arena);
}

static const char *number_text(struct arena *arena, int64_t number)
{
	return arena_printf(arena, "%lld", (long long)number);
}

/* --- the table and its key ----------------------------------------------- */

static bool read_table(struct turns *turns, int64_t *pages, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(turns->run->db, SQL_apply_batch_table, PARAMS(turns->batch.table), &rows, err))
		return false;
	turns->table = rows_copy(rows, 0, 0, &turns->arena);
	turns->estimated_rows = rows_number(rows, 0, 1);
	*pages = rows_number(rows, 0, 2);
	return true;
}

/* Integers have no value below all others: one less than the least there is will do. */
static bool find_least(struct turns *turns, struct key_column *column, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const char *sql =
	    arena_printf(&arena, "select (min(%s)::numeric - 1)::text from %s", column->name, turns->table);

	if (!query(turns->run->db, sql, NO_PARAMS, &rows, err))
		return false;
	column->least = rows_text(rows, 0, 0) ? rows_copy(rows, 0, 0, &turns->arena) : "0";
	return true;
}

/* A row that no turn would come by: without a key, or with the one the first turn starts behind. */
static bool check_no_row_is_left_out(struct turns *turns, const struct key_column *column, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const char *sql = arena_printf(&arena,
	                               "select exists (select from %s where %s is null), "
	                               "exists (select from %s where %s <= $1::text::%s)",
	                               turns->table, column->name, turns->table, column->name, column->type);

	if (!query(turns->run->db, sql, PARAMS(column->least), &rows, err))
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

static bool read_column(struct turns *turns, size_t i, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct key_column *column = &turns->columns[i];

	if (!query(turns->run->db, SQL_apply_batch_column, PARAMS(turns->batch.table, turns->batch.columns[i]),
	           &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_SQL, "the table %s has no column \"%s\"", turns->table,
		                 turns->batch.columns[i]);
	*column = (struct key_column){rows_copy(rows, 0, 0, &turns->arena), rows_copy(rows, 0, 1, &turns->arena),
	                              rows_copy(rows, 0, 2, &turns->arena)};
	if (rows_flag(rows, 0, 3) && !find_least(turns, column, err))
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

	if (!query(turns->run->db, SQL_apply_batch_index, PARAMS(turns->batch.table, turns->batch.columns[0]),
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

/* "($1::bigint, $2::text)", counting from `first`. */
static char *bound_list(const struct turns *turns, size_t first, struct arena *arena)
{
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < turns->batch.column_count; i++)
		buffer_printf(&list, "%s$%zu::text::%s", i ? ", " : "", first + i, turns->columns[i].type);
	return buffer_cstr(&list);
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
	const char *sql =
	    arena_printf(&arena, "select %s from %s k order by %s limit 1", column_list(turns, "::text", &arena),
	                 turns->table, column_list(turns, " desc", &arena));

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

static bool begin(struct turns *turns, struct error *err)
{
	int64_t pages = 0;
	bool found = false;

	if (!position_load(turns->run->db, &turns->run->climb->history, turns->place->version,
	                   turns->place->statement, turns->place->checksum, &turns->arena, &turns->position,
	                   &found, err))
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
	const char *values[2 * BATCH_MOST_COLUMNS];
	const char *sql = arena_printf(
	    &arena, "select %s from %s k where (%s) > (%s) and (%s) <= (%s) order by %s limit 1 offset %lld",
	    column_list(turns, "::text", &arena), turns->table, column_list(turns, "", &arena),
	    bound_list(turns, 1, &arena), column_list(turns, "", &arena), bound_list(turns, count + 1, &arena),
	    column_list(turns, "", &arena), (long long)turns->position.size - 1);

	for (size_t i = 0; i < count; i++) {
		values[i] = turns->position.lo[i];
		values[count + i] = turns->position.hi[i];
	}
	if (!query(turns->run->db, sql, (struct params){values, (int)(2 * count)}, &rows, err))
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

static bool find_next(struct turns *turns, const char **next, struct error *err)
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

/* --- one turn ------------------------------------------------------------- */

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
static bool judge(struct turns *turns, int64_t rows_of_turn, bool *whole, struct error *err)
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

static bool run_statement(struct turns *turns, const char *const *next, int64_t *changed, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const size_t count = turns->batch.way == BATCH_BY_KEY ? turns->batch.column_count : 1;
	const char *values[2 * BATCH_MOST_COLUMNS];

	for (size_t i = 0; i < count; i++) {
		values[i] = turns->position.lo[i];
		values[count + i] = next[i];
	}
	const struct params params = {values, turns->batch.way == BATCH_REPEAT ? 0 : (int)(2 * count)};
	if (!query(turns->run->db, turns->text, params, &rows, err))
		return false;
	*changed = rows_affected(rows);
	return true;
}

static bool set_limits(struct turns *turns, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const int64_t statement_ms = turns->batch.time_ms * 10 > 10000 ? turns->batch.time_ms * 10 : 10000;

	return execute(turns->run->db, SQL_apply_timeouts,
	               PARAMS(number_text(&arena, LOCK_TIMEOUT_MS), number_text(&arena, statement_ms), "true"),
	               err);
}

/* How far it came, or with the last turn the journal's row: there is nothing left to come to. */
static bool note_turn(struct turns *turns, bool is_whole, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct qualified_name *history = &turns->run->climb->history;
	const struct batch_place *place = turns->place;
	const struct request note = is_whole ? position_forget(history, place->version, place->statement, &arena)
	                                     : position_save(history, place->version, place->statement,
	                                                     place->checksum, &turns->position, &arena);

	return request_run(turns->run->db, &note, err) &&
	       (!is_whole || request_run(turns->run->db, turns->done, err));
}

static bool take_turn_inside(struct turns *turns, bool *whole, struct error *err)
{
	const char *next[POSITION_COLUMNS] = {0};
	int64_t changed = 0;

	if (!set_limits(turns, err) || !find_next(turns, next, err) || !run_statement(turns, next, &changed, err))
		return false;
	memcpy(turns->position.lo, next, sizeof(next));
	turns->position.rows += changed;
	turns->position.rows_in_pass += changed;
	turns->position.turns++;
	return judge(turns, changed, whole, err) && note_turn(turns, *whole, err);
}

/* Position and rows in one transaction. */
static bool take_turn(struct turns *turns, bool *whole, struct error *err)
{
	const struct position before = turns->position;

	if (execute(turns->run->db, "BEGIN", NO_PARAMS, err) && take_turn_inside(turns, whole, err) &&
	    execute(turns->run->db, "COMMIT", NO_PARAMS, err))
		return true;
	turns->position = before;
	return false;
}

/* Who asks for turns of fewer rows than we would make gets them. */
static int64_t smallest_turn(const struct turns *turns)
{
	return turns->batch.size < SMALLEST_TURN ? turns->batch.size : SMALLEST_TURN;
}

static void resize(struct turns *turns, int64_t took_ms)
{
	int64_t size = turns->position.size;

	if (took_ms > 2 * turns->batch.time_ms)
		size /= 2;
	else if (took_ms < turns->batch.time_ms)
		size += size / 5 + 1;
	if (size < smallest_turn(turns))
		size = smallest_turn(turns);
	turns->position.size = size > LARGEST_TURN ? LARGEST_TURN : size;
}

static bool is_timeout(const struct error *err)
{
	return err->kind == ERROR_SQL && strcmp(err->sqlstate, "57014") == 0;
}

static bool is_conflict(const struct error *err)
{
	return run_may_try_again(err) || (err->kind == ERROR_SQL && strcmp(err->sqlstate, "40001") == 0);
}

/* Who has been writing to the table for longest; it need not be the one we met. */
static const char *suspect(struct turns *turns, struct arena *arena, const char **pid)
{
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (!turns->table ||
	    !query(turns->run->db, SQL_apply_batch_suspect, PARAMS(turns->batch.table), &rows, &trouble) ||
	    rows_count(rows) == 0)
		return NULL;
	*pid = rows_copy(rows, 0, 0, arena);
	return arena_printf(arena,
	                    "pid %s (user %s, application \"%s\", %s, transaction open for %s) has rows of %s",
	                    *pid, rows_text(rows, 0, 1), rows_text(rows, 0, 2), rows_text(rows, 0, 3),
	                    duration_text(arena, rows_number(rows, 0, 4)), turns->table);
}

static bool out_of_patience(struct turns *turns, const struct error *refusal, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *pid = NULL;
	const char *who = suspect(turns, &arena, &pid);

	*err = *refusal;
	err->kind = ERROR_LOCK;
	error_context(err, "after %lld rows of the batch", (long long)turns->position.rows);
	if (who) {
		error_detail(err, "%s.", who);
		error_hint(err, "End it with SELECT pg_terminate_backend(%s); or raise --lock-wait.", pid);
	}
	return false;
}

/* What a turn goes through until it is done. */
struct patience {
	int64_t until_ms; /* clock_now_ms() at which waiting for rows of others ends */
	int tries;
	int timeouts;
};

/* A turn that met a lock, a deadlock or its own timeout is tried again, smaller. */
static bool make_smaller(struct turns *turns, struct patience *patience, const struct error *refusal,
                         struct error *err)
{
	const int64_t half = turns->position.size / 2;

	if (is_timeout(refusal) ? ++patience->timeouts == MOST_TIMEOUTS_A_TURN : !is_conflict(refusal)) {
		*err = *refusal;
		return false;
	}
	session_rollback(turns->run->db);
	if (clock_now_ms() >= patience->until_ms)
		return out_of_patience(turns, refusal, err);
	turns->position.size = half > smallest_turn(turns) ? half : smallest_turn(turns);
	if (++patience->tries == 1)
		event_note(turns->run->climb->reporter, "%s: a turn could not be taken (%s); trying again, smaller",
		           step_name(turns->passage->step), refusal->message);
	return clock_sleep_ms(clock_jitter_ms(RETRY_EVERY_MS)) || interrupt_check(err);
}

static bool take_turn_patiently(struct turns *turns, bool *whole, struct error *err)
{
	struct patience patience = {.until_ms = clock_now_ms() + turns->run->climb->locks.lock_wait_ms};

	for (;;) {
		struct error refusal;
		const int64_t began_ms = clock_now_ms();
		const bool was_held = session_hold_cancel(turns->run->db, true);
		const bool done = take_turn(turns, whole, &refusal);

		session_hold_cancel(turns->run->db, was_held);
		if (done) {
			resize(turns, clock_now_ms() - began_ms);
			return true;
		}
		if (!make_smaller(turns, &patience, &refusal, err))
			return false;
	}
}

/* --- between turns -------------------------------------------------------- */

static void lag_is_unknown(struct turns *turns, const char *why)
{
	turns->lag_is_unknown = true;
	event_warning(turns->run->climb->reporter,
	              "the lag of replicas cannot be read, so nothing waits for them: %s", why);
}

static bool replicas_keep_up(struct turns *turns)
{
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (turns->batch.max_lag_ms < 0 || turns->lag_is_unknown)
		return true;
	if (!query(turns->run->db, SQL_apply_lag, NO_PARAMS, &rows, &trouble))
		lag_is_unknown(turns, trouble.message);
	else if (rows_flag(rows, 0, 1))
		lag_is_unknown(turns, "it takes the role pg_monitor");
	else
		return rows_number(rows, 0, 0) <= turns->batch.max_lag_ms;
	return true;
}

/* How far by the rows there are said to be; by pages where turns go by pages. */
static double fraction_of(const struct turns *turns)
{
	double fraction = -1;

	if (turns->batch.way == BATCH_BY_CTID && page_of(turns->position.hi[0]) > 0)
		fraction = (double)page_of(turns->position.lo[0]) / (double)page_of(turns->position.hi[0]);
	else if (turns->estimated_rows > 0)
		fraction = (double)turns->position.rows / (double)turns->estimated_rows;
	return fraction > 1 ? 1 : fraction;
}

static void speak(struct turns *turns)
{
	scoped_arena struct arena arena = {0};
	const int64_t now_ms = clock_now_ms();
	const int64_t spent_ms = now_ms - turns->began_ms + 1;
	const int64_t rate = (turns->position.rows - turns->rows_before) * 1000 / spent_ms;
	const double fraction = fraction_of(turns);
	const char *eta = "";

	if (now_ms - turns->spoke_ms < SPEAK_EVERY_MS)
		return;
	turns->spoke_ms = now_ms;
	if (fraction > 0 && rate > 0 && turns->estimated_rows > turns->position.rows)
		eta =
		    arena_printf(&arena, ", %s left",
		                 duration_text(&arena, (turns->estimated_rows - turns->position.rows) * 1000 / rate));
	event_emit(turns->run->climb->reporter,
	           &(struct event){
	               .kind = EVENT_PROGRESS,
	               .name = step_name(turns->passage->step),
	               .text = arena_printf(&arena, "%lld rows, %lld a second, %lld a turn%s",
	                                    (long long)turns->position.rows, (long long)rate,
	                                    (long long)turns->position.size, eta),
	               .duration_ms = spent_ms,
	               .fraction = fraction,
	               .count = turns->position.rows,
	           });
}

static bool rest(struct turns *turns, struct error *err)
{
	speak(turns);
	if (!interrupt_check(err))
		return false;
	if (turns->batch.pause_ms && !clock_sleep_ms(turns->batch.pause_ms))
		return interrupt_check(err);
	while (!replicas_keep_up(turns))
		if (!clock_sleep_ms(LAG_EVERY_MS))
			return interrupt_check(err);
	return true;
}

static bool run_turns(struct turns *turns, struct error *err)
{
	bool whole = false;

	while (!whole) {
		if (!take_turn_patiently(turns, &whole, err))
			return false;
		if (!whole && !rest(turns, err)) {
			error_detail(err, "The batch was paused after %lld rows.", (long long)turns->position.rows);
			return false;
		}
	}
	return true;
}

/* Statistics of before would mislead the planner until autovacuum comes by. */
static void analyze(struct turns *turns)
{
	scoped_arena struct arena arena = {0};
	struct error trouble;

	if (turns->table &&
	    !execute(turns->run->db, arena_printf(&arena, "ANALYZE %s", turns->table), NO_PARAMS, &trouble))
		event_warning(turns->run->climb->reporter, "could not analyze %s: %s", turns->table, trouble.message);
}

bool batch_run(struct run *run, const struct passage *passage, const struct statement *statement,
               const struct batch_place *place, const struct request *done, struct error *err)
{
	SCOPED(turns_clear) struct turns turns = {.run = run,
	                                          .passage = passage,
	                                          .statement = statement,
	                                          .place = place,
	                                          .done = done,
	                                          .began_ms = clock_now_ms()};

	turns.spoke_ms = turns.began_ms;
	if (!batch_parse(statement, &turns.arena, &turns.batch, err))
		return false;
	turns.text = batch_text(statement, &turns.batch, &turns.arena);
	if (!begin(&turns, err) || !run_turns(&turns, err))
		return false;
	analyze(&turns);
	event_note(run->climb->reporter, "%s: %lld rows in %lld turns", step_name(passage->step),
	           (long long)turns.position.rows, (long long)turns.position.turns);
	return true;
}
