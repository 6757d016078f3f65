/*
 * PQexec() is not used anywhere: while it waits, nobody looks at Ctrl-C, at progress or at who blocks us.
 * Everything is sent without blocking, waited for in wire_wait() and read to its end (wire_drain), so that
 * the next statement never meets an answer of the one before.
 *
 * The extended protocol carries values beside the statement, and is the usual way. The simple one is there
 * for what only it can do: several statements in one message, which psql sends for "\;", and COPY. Rows of
 * such statements are dropped as they come, in pieces, since a SELECT in a migration may return a table.
 *
 * A COPY that was not expected must be answered, or libpq reports it for ever: it gets an end with a
 * reason, or is read and thrown away. A refusal of COPY data is only seen when all data was sent, so put()
 * reads while it sends, and libpq's buffer is emptied before more is added.
 *
 * rows_text() ends the process where a row or a column is not there, as libpq would answer with a null, and
 * a null of the history means something.
 */
#include "pg/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/unconst.h"
#include "pg/session_internal.h"

/* A PGresult under a name of ours. */
static const PGresult *result_of(const struct rows *rows)
{
	return (const PGresult *)rows;
}

void rows_clear(struct rows **rows)
{
	if (*rows)
		libpq.clear((PGresult *)*rows);
	*rows = NULL;
}

size_t rows_count(const struct rows *rows)
{
	return (size_t)libpq.ntuples(result_of(rows));
}

int rows_width(const struct rows *rows)
{
	return libpq.nfields(result_of(rows));
}

const char *rows_column_name(const struct rows *rows, int column)
{
	return libpq.fname(result_of(rows), column);
}

bool rows_column_is_flag(const struct rows *rows, int column)
{
	enum { BOOLEAN_OID = 16 };

	return libpq.ftype(result_of(rows), column) == BOOLEAN_OID;
}

int64_t rows_affected(const struct rows *rows)
{
	return strtoll(libpq.cmdTuples(unconst(rows)), NULL, 10);
}

/* libpq would say null: nothing may be made of that, and the server rolls back what is open. */
static _Noreturn void die_misread(const struct rows *rows, size_t row, int column)
{
	enum { EXIT_INTERNAL = 5 };

	fprintf(stderr, "rung: internal error: column %d of row %zu was read from an answer of %d by %zu\n",
	        column, row, rows ? libpq.nfields(result_of(rows)) : 0, rows ? rows_count(rows) : 0);
	_Exit(EXIT_INTERNAL);
}

const char *rows_text(const struct rows *rows, size_t row, int column)
{
	if (!rows || row >= rows_count(rows) || column < 0 || column >= libpq.nfields(result_of(rows)))
		die_misread(rows, row, column);
	if (libpq.getisnull(result_of(rows), (int)row, column))
		return NULL;
	return libpq.getvalue(result_of(rows), (int)row, column);
}

char *rows_copy(const struct rows *rows, size_t row, int column, struct arena *arena)
{
	const char *text = rows_text(rows, row, column);

	return text ? arena_strdup(arena, text) : NULL;
}

bool rows_flag(const struct rows *rows, size_t row, int column)
{
	const char *text = rows_text(rows, row, column);

	return text && text[0] == 't';
}

int64_t rows_number(const struct rows *rows, size_t row, int column)
{
	const char *text = rows_text(rows, row, column);

	return text ? strtoll(text, NULL, 10) : 0;
}

static bool is_success(const PGresult *result)
{
	switch (libpq.resultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY:
		return true;
	default:
		return false;
	}
}

/* A statement was sent or could not be; in between nothing may be left to read. */
static bool sent(struct session *session, int ok, struct error *err)
{
	session->error_position = 0;
	wire_asked(session);
	return (ok && session_is_alive(session)) || wire_not_sent(session, err);
}

bool query(struct session *session, const char *sql, struct params params, struct rows **out,
           struct error *err)
{
	scoped_result PGresult *result = NULL;

	if (!sent(session, wire_send_params(session, sql, params), err) || !wire_result(session, &result, err))
		return false;
	if (!is_success(result)) {
		wire_failed(session, result, err);
		wire_drain(session);
		return false;
	}
	wire_drain(session);
	*out = (struct rows *)TAKE(result);
	return true;
}

bool rows_are_one(const struct rows *rows, struct error *err)
{
	if (rows && rows_count(rows) == 1)
		return true;
	return error_set(err, ERROR_SQL, "the server answered %zu rows where one was asked for",
	                 rows ? rows_count(rows) : 0);
}

bool query_row(struct session *session, const char *sql, struct params params, struct rows **out,
               struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(session, sql, params, &rows, err) || !rows_are_one(rows, err))
		return false;
	*out = TAKE(rows);
	return true;
}

bool execute(struct session *session, const char *sql, struct params params, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	return query(session, sql, params, &rows, err);
}

/* Without this libpq would say COPY_OUT for ever. */
static void pour_away(struct session *session)
{
	struct error ignored;

	for (;;) {
		char *row = NULL;
		const int got = libpq.getCopyData(session->conn, &row, 1);

		libpq.freemem(row);
		if (got < 0)
			return;
		if (got == 0 && (!wire_wait(session, false, &ignored) || !libpq.consumeInput(session->conn)))
			return;
	}
}

/* With the reason why there is no more; hangs up where even that cannot be said. */
static void end_copy(struct session *session, const char *reason)
{
	if (libpq.putCopyEnd(session->conn, reason) < 0)
		wire_abandon(session);
}

/* A statement that wants to stream to us gets nobody to listen. */
static bool refuse_copy(struct session *session, const PGresult *result, struct error *err)
{
	if (libpq.resultStatus(result) == PGRES_COPY_IN)
		end_copy(session, "no data comes with this statement");
	else
		pour_away(session);
	error_set(err, ERROR_SQL, "cannot run COPY here");
	error_hint(
	    err,
	    "COPY ... FROM STDIN must stand alone, with its data below it; COPY ... TO STDOUT has no reader.");
	wire_drain(session);
	return false;
}

static bool is_copy(const PGresult *result)
{
	const ExecStatusType status = libpq.resultStatus(result);

	return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

/* Called with each result of several statements in turn, which it may take. */
typedef void (*simple_receive)(void *context, PGresult **result);

/* `drops_rows`: nobody looks at them, so they are not gathered either. */
static bool run_simple(struct session *session, const char *sql, bool drops_rows, simple_receive receive,
                       void *context, struct error *err)
{
	if (!sent(session, wire_send_query(session, sql), err))
		return false;
	if (drops_rows)
		wire_drop_rows(session);
	for (;;) {
		scoped_result PGresult *result = NULL;

		if (!wire_result(session, &result, err))
			return false;
		if (!result)
			return true;
		if (is_copy(result))
			return refuse_copy(session, result, err);
		if (wire_is_dropped(result))
			continue;
		if (!is_success(result)) {
			wire_failed(session, result, err);
			wire_drain(session);
			return false;
		}
		receive(context, &result);
	}
}

struct tag {
	struct arena *arena;
	const char **out; /* NULL when nobody asks */
};

static void keep_tag(void *context, PGresult **result)
{
	const struct tag *tag = context;

	if (tag->out)
		*tag->out = arena_strdup(tag->arena, libpq.cmdStatus(*result));
}

bool execute_simple(struct session *session, const char *sql, struct arena *arena, const char **tag,
                    struct error *err)
{
	struct tag kept = {arena, tag};

	return run_simple(session, sql, true, keep_tag, &kept, err);
}

static void keep_rows(void *context, PGresult **result)
{
	struct rows **out = context;

	if (libpq.resultStatus(*result) != PGRES_TUPLES_OK)
		return;
	rows_clear(out);
	*out = (struct rows *)TAKE(*result);
}

bool query_simple(struct session *session, const char *sql, struct rows **out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!run_simple(session, sql, false, keep_rows, &rows, err))
		return false;
	if (!rows)
		return error_set(err, ERROR_SQL, "a query did not yield rows");
	*out = TAKE(rows);
	return true;
}

/* --- copy ------------------------------------------------------------- */

static bool put(struct session *session, struct str chunk, struct error *err)
{
	enum { PIECE = 64 * 1024 };

	while (chunk.len > 0) {
		const struct str piece = str_slice(chunk, 0, PIECE);
		const int taken = libpq.putCopyData(session->conn, piece.text, (int)piece.len);

		if (taken < 0) {
			wire_not_sent(session, err);
			end_copy(session, "the data could not be sent");
			wire_drain(session);
			return false;
		}
		if (taken > 0)
			chunk = str_slice(chunk, piece.len, chunk.len);
		/*
		 * Send before adding more: libpq would buffer the whole file. And read
		 * what the server says meanwhile, or its refusal is never noticed.
		 */
		int unsent;
		while ((unsent = libpq.flush(session->conn)) == 1)
			if (!wire_wait(session, true, err) || !libpq.consumeInput(session->conn))
				return wire_failed(session, NULL, err);
		if (unsent < 0)
			return wire_failed(session, NULL, err);
	}
	return true;
}

/* All of it, even after a refusal: libpq tells nobody before the end, and the server reads on without
 * looking. */
static bool put_all(struct session *session, copy_source source, void *context, struct error *err)
{
	struct str chunk;

	for (;;) {
		if (!source(context, &chunk, err)) {
			struct error ignored = *err;

			end_copy(session, "the data could not be read");
			wire_drain(session);
			*err = ignored;
			return false;
		}
		if (chunk.len == 0)
			break;
		if (!put(session, chunk, err))
			return false;
	}
	if (libpq.putCopyEnd(session->conn, NULL) >= 0)
		return true;
	wire_not_sent(session, err);
	wire_abandon(session);
	return false;
}

bool execute_copy(struct session *session, const char *sql, copy_source source, void *context, int64_t *rows,
                  struct error *err)
{
	scoped_result PGresult *start = NULL;
	scoped_result PGresult *end = NULL;

	if (!sent(session, libpq.sendQuery(session->conn, sql), err) || !wire_result(session, &start, err))
		return false;
	if (libpq.resultStatus(start) != PGRES_COPY_IN) {
		if (is_success(start))
			error_set(err, ERROR_SQL, "the statement did not ask for data");
		else
			wire_failed(session, start, err);
		wire_drain(session);
		return false;
	}
	if (!put_all(session, source, context, err) || !wire_result(session, &end, err))
		return false;
	if (!end || !is_success(end)) {
		wire_failed(session, end, err);
		wire_drain(session);
		return false;
	}
	*rows = strtoll(libpq.cmdTuples(end), NULL, 10);
	wire_drain(session);
	return true;
}
