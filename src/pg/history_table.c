/*
 * The list of our tables, and the queries that are filled in with their names. A list that each place kept
 * for itself had to be found everywhere when a table was added; what was forgotten read as somebody else's
 * table, or took a table of ours for the user's.
 */
#include "pg/history_table.h"

#include <string.h>

#include "base/buffer.h"

const char *const history_table_tails[HISTORY_TABLE_COUNT] = {
    [HISTORY_TABLE] = "",           [HISTORY_LOG_TABLE] = "_log",     [HISTORY_RUN_TABLE] = "_run",
    [HISTORY_STEP_TABLE] = "_step", [HISTORY_BATCH_TABLE] = "_batch", [HISTORY_CATALOG_TABLE] = "_catalog",
};

struct qualified_name history_table_name(const struct qualified_name *history, enum history_table which,
                                         struct arena *arena)
{
	return (struct qualified_name){history->schema,
	                               arena_printf(arena, "%s%s", history->name, history_table_tails[which])};
}

char *history_table_array(const struct qualified_name *history, struct arena *arena)
{
	const char *names[HISTORY_TABLE_COUNT];

	for (size_t i = 0; i < HISTORY_TABLE_COUNT; i++) {
		const struct qualified_name name = history_table_name(history, (enum history_table)i, arena);

		names[i] = qualified_name_quote(arena, &name);
	}
	return array_text(names, HISTORY_TABLE_COUNT, arena);
}

size_t history_table_tail_len(void)
{
	size_t longest = 0;

	for (size_t i = 0; i < HISTORY_TABLE_COUNT; i++)
		if (strlen(history_table_tails[i]) > longest)
			longest = strlen(history_table_tails[i]);
	return longest;
}

/* --- queries ---------------------------------------------------------- */

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

/* All tables of the history: array['schema_version', ...], or "public"."schema_version", ... */
static void render_names(struct buffer *out, const struct qualified_name *history, bool is_array)
{
	buffer_text(out, is_array ? "array[" : "");
	for (size_t i = 0; i < HISTORY_TABLE_COUNT; i++) {
		buffer_text(out, i ? ", " : "");
		render_name(out, history, str_of(history_table_tails[i]), is_array ? '\'' : '"');
	}
	buffer_text(out, is_array ? "]" : "");
}

/* The end of a placeholder that begins here, NULL where none does. */
static const char *render_placeholder(struct buffer *out, const char *sql,
                                      const struct qualified_name *history)
{
	static const struct str row = STR(":one_row"), word = STR("history"), names = STR(":history_names"),
	                        list = STR(":history_list");

	if (strncmp(sql, row.text, row.len) == 0) {
		buffer_text(out, one_row);
		return sql + row.len;
	}
	if (strncmp(sql, names.text, names.len) == 0) {
		render_names(out, history, true);
		return sql + names.len;
	}
	if (strncmp(sql, list.text, list.len) == 0) {
		render_names(out, history, false);
		return sql + list.len;
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
