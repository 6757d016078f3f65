/*
 * CREATE INDEX CONCURRENTLY that is interrupted leaves an index that is INVALID, may be maintained by
 * every write, and lets IF NOT EXISTS report success. So it has to go before the statement runs again;
 * and nothing may go that somebody is still building, or that is not this statement's.
 *
 * Whether it is still being built is told by the lock that a build holds on its table from beginning to
 * end: pg_locks shows it to everybody, pg_stat_progress_create_index only to some. A killed client does
 * not stop its statement, so this may well be our own former backend, and its build may end well. It is
 * waited for.
 *
 * Whose it is: by name and table; unnamed, by its age against the row in the journal, by the name the
 * server would choose, and by uniqueness. Where several remain, a person has to say which.
 *
 * REINDEX CONCURRENTLY leaves "_ccnew" or "_ccold" beside the original, and those of its own target only
 * are dropped. A valid index is there either way, so there is nothing more to settle.
 */
#include "apply/nontransactional/index_recovery.h"

#include "apply/as_session_user.h"
#include "apply/timeouts.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "sql/index_clause.h"

enum { ASK_EVERY_MS = 500, SPEAK_EVERY_MS = 10000 };

/* A row of index_state.sql, index_unnamed.sql and index_copies.sql, by column. */
enum { INDEX_IS_VALID, INDEX_SCHEMA, INDEX_NAME, INDEX_BUILDER };

static const char *quoted_index(const struct rows *rows, size_t row, struct arena *arena)
{
	return arena_printf(arena, "%s.%s", quote_name(arena, rows_text(rows, row, INDEX_SCHEMA)),
	                    quote_name(arena, rows_text(rows, row, INDEX_NAME)));
}

/* As every statement CONCURRENTLY it waits for others by design; what timeouts there were are put back. */
static bool drop_without_timeouts(struct session *db, const char *quoted, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *former = NULL;
	const char *drop = arena_printf(&arena, "DROP INDEX CONCURRENTLY IF EXISTS %s", quoted);

	return timeouts_lift(db, &former, err) && execute(db, drop, NO_PARAMS, err) &&
	       timeouts_put_back(db, former, err);
}

static bool drop_index(struct run *run, const struct rows *rows, size_t row, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *quoted = quoted_index(rows, row, &arena);

	event_note(run->options->reporter, "dropping the invalid index %s that an interrupted build left behind",
	           quoted);
	return drop_without_timeouts(run->db, quoted, err) ||
	       error_context(err, "while dropping the invalid index %s", quoted);
}

/*
 * The first row of an invalid index whose table nobody holds, or that somebody does; rows_count() for none.
 */
static size_t find_invalid(const struct rows *rows, bool is_held)
{
	size_t row = 0;

	while (row < rows_count(rows) &&
	       (rows_flag(rows, row, INDEX_IS_VALID) || (rows_text(rows, row, INDEX_BUILDER) != NULL) != is_held))
		row++;
	return row;
}

/*
 * A killed client does not stop its statement: the build may continue, and end well. Or it is somebody
 * else's.
 */
static bool wait_for_builder(struct run *run, const struct rows *rows, size_t row, int64_t *speak_at_ms,
                             struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (clock_now_ms() >= *speak_at_ms) {
		event_note(run->options->reporter, "waiting for pid %s, which may still be building the index %s",
		           rows_text(rows, row, INDEX_BUILDER), quoted_index(rows, row, &arena));
		*speak_at_ms = clock_now_ms() + SPEAK_EVERY_MS;
	}
	return clock_sleep_ms(ASK_EVERY_MS) || error_set(err, ERROR_CANCELLED, "cancelled");
}

/* --- named ------------------------------------------------------------ */

static bool look_at_named(struct run *run, const struct index_clause *clause, struct rows **out,
                          struct error *err)
{
	return query(run->db, SQL_nontransactional_index_state, PARAMS(clause->index, clause->table), out, err) ||
	       error_context(err, "while looking for the index \"%s\"", clause->index);
}

static bool settle_named(struct run *run, const struct index_clause *clause, bool *is_done, struct error *err)
{
	int64_t speak_at_ms = 0;

	for (;;) {
		scoped_rows struct rows *rows = NULL;

		if (!look_at_named(run, clause, &rows, err))
			return false;
		*is_done = rows_count(rows) > 0 && rows_flag(rows, 0, INDEX_IS_VALID);
		if (rows_count(rows) == 0 || *is_done)
			return true;
		if (!rows_text(rows, 0, INDEX_BUILDER))
			return drop_index(run, rows, 0, err);
		if (!wait_for_builder(run, rows, 0, &speak_at_ms, err))
			return false;
	}
}

/* --- unnamed ---------------------------------------------------------- */

/* Of several that are as young and named alike nobody can tell which was this statement's. */
static bool ask_which(const struct rows *rows, const struct index_clause *clause, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer drops = {.arena = &arena};

	for (size_t i = 0; i < rows_count(rows); i++)
		buffer_printf(&drops, " DROP INDEX CONCURRENTLY %s;%s", quoted_index(rows, i, &arena),
		              rows_flag(rows, i, INDEX_IS_VALID) ? " (valid)" : "");
	error_set(
	    err, ERROR_SQL,
	    "%zu indexes of %s were started since this CREATE INDEX CONCURRENTLY, which does not name its index",
	    rows_count(rows), clause->table);
	error_detail(err, "Any of them may be from this statement, which was interrupted.");
	return error_hint(err, "Drop those that are not needed, then run the same command again:%s",
	                  buffer_cstr(&drops));
}

/* As the file sees it, for us to ask about. */
static bool name_table(struct run *run, const char *table, struct arena *arena, const char **out,
                       struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	*out = table;
	if (!run->may_be_other)
		return true;
	if (!query_row(run->db, SQL_nontransactional_index_table, PARAMS(table), &rows, err))
		return false;
	*out = rows_copy(rows, 0, ONLY_COLUMN, arena);
	return true;
}

/* What the journal knows of it is ours to read. */
static bool ask_for_unnamed(struct run *run, const struct suspect *suspect, const struct index_clause *clause,
                            struct rows **out, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *version = arena_printf(&arena, "%lld", (long long)suspect->version);
	const char *number = arena_printf(&arena, "%zu", suspect->number);
	const char *sql = query_render(&arena, SQL_nontransactional_index_unnamed, &run->options->history);
	const char *table = NULL;
	const bool is_asked =
	    name_table(run, clause->table, &arena, &table, err) && as_session_user_begin(run, err) &&
	    query(run->db, sql,
	          PARAMS(version, number, table, clause->is_unique ? "true" : "false", clause->chosen), out, err);

	as_session_user_end(run);
	return is_asked;
}

static bool look_for_unnamed(struct run *run, const struct suspect *suspect,
                             const struct index_clause *clause, struct rows **out, struct error *err)
{
	return ask_for_unnamed(run, suspect, clause, out, err) ||
	       error_context(err, "while looking for the index that was begun on %s", clause->table);
}

static bool settle_unnamed(struct run *run, const struct suspect *suspect, const struct index_clause *clause,
                           bool *is_done, struct error *err)
{
	int64_t speak_at_ms = 0;

	for (;;) {
		scoped_rows struct rows *rows = NULL;

		if (!look_for_unnamed(run, suspect, clause, &rows, err))
			return false;
		const size_t held = find_invalid(rows, true);
		if (held < rows_count(rows)) {
			if (!wait_for_builder(run, rows, held, &speak_at_ms, err))
				return false;
			continue;
		}
		if (rows_count(rows) > 1)
			return ask_which(rows, clause, err);
		*is_done = rows_count(rows) == 1 && rows_flag(rows, 0, INDEX_IS_VALID);
		return rows_count(rows) == 0 || *is_done || drop_index(run, rows, 0, err);
	}
}

bool index_recovery_settle(struct run *run, const struct suspect *suspect, bool *is_done, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct index_clause clause = index_clause_read(suspect->statement->text, &arena);

	return clause.index ? settle_named(run, &clause, is_done, err)
	                    : settle_unnamed(run, suspect, &clause, is_done, err);
}

bool index_recovery_verify(struct run *run, const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const struct index_clause clause = index_clause_read(statement->text, &arena);

	if (!clause.index)
		return true;
	if (!look_at_named(run, &clause, &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return error_set(err, ERROR_SQL, "an index \"%s\" exists already, but it is not on %s", clause.index,
		                 clause.table);
	return rows_flag(rows, 0, INDEX_IS_VALID) ||
	       error_set(err, ERROR_SQL, "the server reported success, but the index \"%s\" on %s is not valid",
	                 clause.index, clause.table);
}

/* --- copies ----------------------------------------------------------- */

static bool look_for_copies(struct run *run, const struct reindex_clause *clause, struct rows **out,
                            struct error *err)
{
	const struct str what = str_of(clause->what);
	const bool is_schema = str_is(what, "schema");
	const bool is_relation = str_is(what, "index") || str_is(what, "table");

	return query(run->db, SQL_nontransactional_index_copies,
	             PARAMS(is_relation ? clause->name : NULL, is_schema ? clause->name : NULL,
	                    str_is(what, "database") ? "true" : "false"),
	             out, err) ||
	       error_context(err, "while looking for what an interrupted REINDEX left behind");
}

bool index_recovery_drop_copies(struct run *run, const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct reindex_clause clause = reindex_clause_read(statement->text, &arena);
	int64_t speak_at_ms = 0;

	for (;;) {
		scoped_rows struct rows *rows = NULL;

		if (!look_for_copies(run, &clause, &rows, err))
			return false;
		if (rows_count(rows) == 0)
			return true;
		const size_t free = find_invalid(rows, false);
		if (free < rows_count(rows) ? !drop_index(run, rows, free, err)
		                            : !wait_for_builder(run, rows, 0, &speak_at_ms, err))
			return false;
	}
}
