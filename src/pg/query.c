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
	PQclear((PGresult *)*rows);
	*rows = NULL;
}

size_t rows_count(const struct rows *rows)
{
	return (size_t)PQntuples(result_of(rows));
}

int rows_width(const struct rows *rows)
{
	return PQnfields(result_of(rows));
}

const char *rows_column_name(const struct rows *rows, int column)
{
	return PQfname(result_of(rows), column);
}

bool rows_column_is_flag(const struct rows *rows, int column)
{
	enum { BOOLEAN_OID = 16 };

	return PQftype(result_of(rows), column) == BOOLEAN_OID;
}

int64_t rows_affected(const struct rows *rows)
{
	return strtoll(PQcmdTuples(unconst(rows)), NULL, 10);
}

/* libpq would say null: nothing may be made of that, and the server rolls back what is open. */
static _Noreturn void die_misread(const struct rows *rows, size_t row, int column)
{
	enum { EXIT_INTERNAL = 5 };

	fprintf(stderr, "rung: internal error: column %d of row %zu was read from an answer of %d by %zu\n",
	        column, row, rows ? PQnfields(result_of(rows)) : 0, rows ? rows_count(rows) : 0);
	_Exit(EXIT_INTERNAL);
}

const char *rows_text(const struct rows *rows, size_t row, int column)
{
	if (!rows || row >= rows_count(rows) || column < 0 || column >= PQnfields(result_of(rows)))
		die_misread(rows, row, column);
	if (PQgetisnull(result_of(rows), (int)row, column))
		return NULL;
	return PQgetvalue(result_of(rows), (int)row, column);
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
	switch (PQresultStatus(result)) {
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
		const int got = PQgetCopyData(session->conn, &row, 1);

		PQfreemem(row);
		if (got < 0)
			return;
		if (got == 0 && (!wire_wait(session, false, &ignored) || !PQconsumeInput(session->conn)))
			return;
	}
}

/* With the reason why there is no more; hangs up where even that cannot be said. */
static void end_copy(struct session *session, const char *reason)
{
	if (PQputCopyEnd(session->conn, reason) < 0)
		wire_abandon(session);
}

/* A statement that wants to stream to us gets nobody to listen. */
static bool refuse_copy(struct session *session, const PGresult *result, struct error *err)
{
	if (PQresultStatus(result) == PGRES_COPY_IN)
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
	const ExecStatusType status = PQresultStatus(result);

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
		*tag->out = arena_strdup(tag->arena, PQcmdStatus(*result));
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

	if (PQresultStatus(*result) != PGRES_TUPLES_OK)
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
		const int taken = PQputCopyData(session->conn, piece.text, (int)piece.len);

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
		while ((unsent = PQflush(session->conn)) == 1)
			if (!wire_wait(session, true, err) || !PQconsumeInput(session->conn))
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
	if (PQputCopyEnd(session->conn, NULL) >= 0)
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

	if (!sent(session, PQsendQuery(session->conn, sql), err) || !wire_result(session, &start, err))
		return false;
	if (PQresultStatus(start) != PGRES_COPY_IN) {
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
	*rows = strtoll(PQcmdTuples(end), NULL, 10);
	wire_drain(session);
	return true;
}

/* --- names ------------------------------------------------------------ */

static char *quote_with(struct arena *arena, const char *text, char quote)
{
	struct buffer quoted = {.arena = arena};

	buffer_char(&quoted, quote);
	for (; *text; text++) {
		if (*text == quote)
			buffer_char(&quoted, quote);
		buffer_char(&quoted, *text);
	}
	buffer_char(&quoted, quote);
	return buffer_cstr(&quoted);
}

char *quote_name(struct arena *arena, const char *name)
{
	return quote_with(arena, name, '"');
}

char *array_text(const char *const *items, size_t count, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_char(&text, '{');
	for (size_t i = 0; i < count; i++) {
		buffer_text(&text, i ? ",\"" : "\"");
		for (const char *c = items[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				buffer_char(&text, '\\');
			buffer_char(&text, *c);
		}
		buffer_char(&text, '"');
	}
	buffer_char(&text, '}');
	return buffer_cstr(&text);
}

char *name_with_tail(struct arena *arena, const char *head, const char *tail)
{
	size_t len = strlen(head);

	if (len + strlen(tail) > NAME_MOST_LEN)
		for (len = NAME_MOST_LEN - strlen(tail); len > 0 && ((unsigned char)head[len] & 0xC0) == 0x80;)
			len--;
	return arena_printf(arena, "%.*s%s", (int)len, head, tail);
}

char *quote_literal(struct arena *arena, const char *text)
{
	if (!text)
		return arena_strdup(arena, "NULL");
	if (!strchr(text, '\\'))
		return quote_with(arena, text, '\'');

	/* Safe under either setting of standard_conforming_strings. */
	struct buffer escaped = {.arena = arena};
	for (const char *c = text; *c; c++) {
		if (*c == '\\')
			buffer_char(&escaped, '\\');
		buffer_char(&escaped, *c);
	}
	return arena_printf(arena, " E%s", quote_with(arena, buffer_cstr(&escaped), '\''));
}

/* Reads one identifier as the server would: folded unless quoted. */
static bool read_name(struct str *rest, struct arena *arena, char **out)
{
	struct buffer name = {.arena = arena};
	size_t i = 0;

	if (rest->len && rest->text[0] == '"') {
		for (i = 1; i < rest->len; i++) {
			if (rest->text[i] == '"' && !(i + 1 < rest->len && rest->text[i + 1] == '"'))
				break;
			i += rest->text[i] == '"';
			buffer_char(&name, rest->text[i]);
		}
		if (i++ >= rest->len)
			return false;
	} else {
		while (i < rest->len && rest->text[i] != '.' && rest->text[i] != '"')
			buffer_char(&name, char_fold(rest->text[i++]));
	}
	*rest = str_slice(*rest, i, rest->len);
	*out = buffer_cstr(&name);
	return name.len > 0;
}

bool qualified_name_parse(const char *text, struct arena *arena, struct qualified_name *out,
                          struct error *err)
{
	struct str rest = str_of(text);
	char *first = NULL;
	char *second = NULL;

	if (read_name(&rest, arena, &first) && rest.len == 0) {
		*out = (struct qualified_name){"public", first};
		return true;
	}
	if (first && *first && rest.len && rest.text[0] == '.') {
		rest = str_slice(rest, 1, rest.len);
		if (read_name(&rest, arena, &second) && rest.len == 0) {
			*out = (struct qualified_name){first, second};
			return true;
		}
	}
	return error_set(err, ERROR_CONFIG, "\"%s\" is not a table name; expected schema.table",
	                 text ? text : "");
}

char *qualified_name_quote(struct arena *arena, const struct qualified_name *name)
{
	return arena_printf(arena, "%s.%s", quote_name(arena, name->schema), quote_name(arena, name->name));
}

/*
 * The writes of ours end in this: the server itself refuses where another number
 * of rows was written than one, and with it the transaction. A trigger, a rule
 * or a policy can take a write away without an error.
 */
static const char one_row[] =
    "case when pg_catalog.count(*) operator(pg_catalog.=) 1 then 1 "
    "else pg_catalog.concat(pg_catalog.count(*), '" NOT_ONE_ROW "')::integer end as written";

/* :"history_log" is the table, :'history_log' its name as a literal; "schema" stands for the schema alone. */
static void render_name(struct buffer *out, const struct qualified_name *history, struct str suffix,
                        char quote)
{
	struct arena *arena = out->arena;
	const bool is_schema = str_is(suffix, "_schema");
	const char *name =
	    is_schema ? history->schema : arena_printf(arena, "%s%.*s", history->name, STR_ARGS(suffix));

	if (quote == '\'')
		buffer_text(out, quote_literal(arena, name));
	else if (is_schema)
		buffer_text(out, quote_name(arena, name));
	else
		buffer_text(out, qualified_name_quote(arena, &(struct qualified_name){history->schema, name}));
}

/* The end of a placeholder that begins here, NULL where none does. */
static const char *render_placeholder(struct buffer *out, const char *sql,
                                      const struct qualified_name *history)
{
	static const struct str row = STR(":one_row"), word = STR("history");

	if (strncmp(sql, row.text, row.len) == 0) {
		buffer_text(out, one_row);
		return sql + row.len;
	}
	if (sql[0] != ':' || (sql[1] != '"' && sql[1] != '\'') || strncmp(sql + 2, word.text, word.len) != 0)
		return NULL;
	const char *suffix = sql + 2 + word.len;
	const char *end = strchr(suffix, sql[1]);
	if (!end)
		return NULL;
	render_name(out, history, (struct str){suffix, (size_t)(end - suffix)}, sql[1]);
	return end + 1;
}

/*
 * A placeholder is recognised by its first bytes alone: these are queries of ours, and a test reads them
 * all.
 */
char *query_render(struct arena *arena, const char *sql, const struct qualified_name *history)
{
	struct buffer rendered = {.arena = arena};

	while (*sql) {
		const char *end = render_placeholder(&rendered, sql, history);
		const size_t len = end ? 0 : 1 + strcspn(sql + 1, ":");

		buffer_add(&rendered, (struct str){sql, len});
		sql = end ? end : sql + len;
	}
	return buffer_cstr(&rendered);
}

static const struct query_word *find_word(const struct query_word *words, size_t count, struct str word)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(word, str_of(words[i].word)))
			return &words[i];
	return NULL;
}

static size_t word_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz_");
}

char *query_fill(struct arena *arena, const char *sql, const struct query_word *words, size_t count)
{
	struct buffer filled = {.arena = arena};
	const char *colon;

	for (; (colon = strchr(sql, ':')); sql = colon) {
		const bool is_cast = colon[1] == ':';
		const struct str word = {colon + 1, is_cast ? 0 : word_length(colon + 1)};
		const struct query_word *found = find_word(words, count, word);

		buffer_add(&filled, (struct str){sql, (size_t)(colon - sql)});
		if (found)
			buffer_text(&filled, found->text);
		else
			buffer_add(&filled, (struct str){colon, is_cast ? 2 : 1});
		colon += found ? 1 + word.len : is_cast ? 2 : 1;
	}
	buffer_text(&filled, sql);
	return buffer_cstr(&filled);
}
