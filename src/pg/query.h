/*
 * query.h - asking one thing and reading the answer
 *
 * Values travel as parameters, identifiers through quote_name(); SQL is not
 * glued from user text. Queries of our own are .sql files, embedded as
 * SQL_floor_name; where they name the history table they say :"history", as
 * psql would understand it, and query_render() fills it in.
 */
#ifndef RUNG_PG_QUERY_H
#define RUNG_PG_QUERY_H

#include "base/arena.h"
#include "base/str.h"
#include "pg/session.h"
#include "queries.h"

struct params {
	const char *const *values; /* text form; NULL is SQL's null */
	int count;
};

#define PARAMS(...)                                      \
	((struct params){(const char *const[]){__VA_ARGS__}, \
	                 (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))})
#define NO_PARAMS ((struct params){NULL, 0})

/* The rows of an answer. Texts live as long as the rows. */
struct rows;

void rows_clear(struct rows **rows);
#define scoped_rows SCOPED(rows_clear)

/*
 * A row or column that is not there ends the process: an answer without it says neither null nor false.
 * Who reads the first row knows that there is one, by query_row(), rows_are_one() or rows_count().
 */
size_t rows_count(const struct rows *rows);
int rows_width(const struct rows *rows); /* columns */
const char *rows_column_name(const struct rows *rows, int column);
bool rows_column_is_flag(const struct rows *rows, int column); /* of type boolean */

/*
 * Columns are read by a name: an enum beside the query's reader, in the order of its select list
 * (scripts/check_answers.sh). Of an answer that has but one:
 */
enum { ONLY_COLUMN };

int64_t rows_affected(const struct rows *rows); /* by INSERT, UPDATE, DELETE and their like */
const char *rows_text(const struct rows *rows, size_t row, int column); /* NULL for null */
char *rows_copy(const struct rows *rows, size_t row, int column, struct arena *arena);
bool rows_flag(const struct rows *rows, size_t row, int column);      /* false for null */
int64_t rows_number(const struct rows *rows, size_t row, int column); /* 0 for null */

MUST_USE bool query(struct session *session, const char *sql, struct params params, struct rows **out,
                    struct error *err);

/* Where the answer is one row, whatever it says; another count is an error. */
MUST_USE bool query_row(struct session *session, const char *sql, struct params params, struct rows **out,
                        struct error *err);

/* The same of an answer that came another way; NULL is one that never came. */
MUST_USE bool rows_are_one(const struct rows *rows, struct error *err);

/*
 * As execute_simple(), for several statements of which one, and only one, yields rows: those are the result.
 */
MUST_USE bool query_simple(struct session *session, const char *sql, struct rows **out, struct error *err);

/* Where the answer does not matter. */
MUST_USE bool execute(struct session *session, const char *sql, struct params params, struct error *err);

/*
 * Statements as psql sends them: in one message of the simple protocol, any
 * number of them. Rows they return are thrown away. `tag`, when not NULL,
 * receives the last command tag, such as "CREATE INDEX".
 */
MUST_USE bool execute_simple(struct session *session, const char *sql, struct arena *arena, const char **tag,
                             struct error *err);

/* What feeds a COPY: fills *chunk; an empty one is the end. */
typedef bool (*copy_source)(void *context, struct str *chunk, struct error *err);

/*
 * Runs COPY ... FROM STDIN with data from `source`, which is asked for more
 * only as fast as the server takes it. `rows` receives how many were copied.
 */
MUST_USE bool execute_copy(struct session *session, const char *sql, copy_source source, void *context,
                           int64_t *rows, struct error *err);

char *quote_name(struct arena *arena, const char *name);
/* A name as it is kept, of one as SQL has it: in quotes where it needs them. */
const char *unquote_name(struct arena *arena, const char *name);
char *quote_literal(struct arena *arena, const char *text); /* "NULL" for NULL */

/* A name made of another; `head` is cut, between characters, where both together are too long. */
enum { NAME_MOST_LEN = 63 }; /* bytes of a name, as servers are built */
char *name_with_tail(struct arena *arena, const char *head, const char *tail);

/* A parameter that is an array: {"a","b"}. */
char *array_text(const char *const *items, size_t count, struct arena *arena);

/* A name with its schema, both as the catalog has them. */
struct qualified_name {
	const char *schema;
	const char *name;
};

/* Splits "schema.name" as PostgreSQL would ("public" when there is no schema; quotes understood). */
MUST_USE bool qualified_name_parse(const char *text, struct arena *arena, struct qualified_name *out,
                                   struct error *err);
char *qualified_name_quote(struct arena *arena, const struct qualified_name *name);

/* Replaces :word as psql does, by text that is SQL already: a quoted name, a list of columns. */
struct query_word {
	const char *word;
	const char *text;
};

char *query_fill(struct arena *arena, const char *sql, const struct query_word *words, size_t count);

/* What the server says where a write of ours did not write exactly one row; see :one_row. */
#define NOT_ONE_ROW " rows of the history were written instead of one"

/*
 * Replaces placeholders as psql would its variables: :"history", :"history_log" and so on by the tables
 * (history_table.h), with their schema; :'history' and so on by their names as literals; :"history_schema"
 * and :'history_schema' by the schema. :history_names becomes an array of all their names, :history_list a
 * list of all the tables. :one_row becomes an expression over the rows of "written" that is an error unless
 * there is exactly one.
 */
char *query_render(struct arena *arena, const char *sql, const struct qualified_name *history);

#endif
