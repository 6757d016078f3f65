/*
 * Two states that pg_dump shows alike may still differ for the migrations
 * that follow: in rows, in where sequences are, in roles. Where these facts
 * agree as well, the database needs not be made anew for the next migration,
 * which is what takes time. They are asked for in two queries, and hold a sum
 * of hashes a table: the order of rows means nothing.
 */
#include <string.h>

#include "base/buffer.h"
#include "command/test/test_database.h"
#include "pg/connection_ahead.h"

/* The columns of look.sql. */
enum {
	STATE_KIND,
	STATE_TEXT,
};

/* The kinds of look.sql. */
static void take_row(const struct test_database *test_database, struct test_state *facts, struct buffer *own,
                     struct buffer *shared, const struct rows *rows, size_t i, const char **more)
{
	const char *kind = rows_text(rows, i, STATE_KIND);
	const char *text = rows_text(rows, i, STATE_TEXT);

	if (strcmp(kind, "own") == 0)
		buffer_printf(own, "%s\n", text);
	else if (strcmp(kind, "shared") == 0)
		buffer_printf(shared, "%s\n", text);
	else if (strcmp(kind, "query") == 0)
		*more = text;
	else if (strcmp(kind, "copied") == 0)
		facts->is_copied = facts->is_copied && test_database->server.server && strcmp(text, "settings") == 0;
	else
		facts->is_known = false;
}

/* What cannot be read, such as a table whose rows a policy hides, is not known; that is no failure. */
static bool add_rows(struct session *inside, const char *sql, struct test_state *facts, struct buffer *own,
                     struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!facts->is_known)
		return true;
	if (!query(inside, sql, NO_PARAMS, &rows, err)) {
		facts->is_known = false;
		return err->kind == ERROR_SQL;
	}
	for (size_t i = 0; i < rows_count(rows); i++)
		buffer_printf(own, "%s\n", rows_text(rows, i, ONLY_COLUMN));
	return true;
}

/* A connection that migrations have used would not notice. */
static void see_settings(struct test_database *test_database, const struct test_state *facts,
                         struct arena *arena)
{
	struct buffer text = {.arena = arena};
	struct str line;

	buffer_text(&text, facts->shared);
	for (struct str rest = str_of(facts->own); str_line_next(&rest, &line);)
		if (str_starts(line, "set "))
			buffer_add(&text, line);
	const char *settings = buffer_cstr(&text);
	if (test_database->settings && strcmp(test_database->settings, settings) == 0)
		return;
	connection_ahead_drop();
	test_database->settings = arena_strdup(test_database->context->arena, settings);
}

/* Planned once a session: it is asked four times a migration. */
static bool look(struct test_database *test_database, struct session **inside, struct rows **out,
                 struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct scratch_database *database = &test_database->database;

	if (!scratch_database_enter(database, inside, err))
		return false;
	if (test_database->prepared_in != database->entered &&
	    !execute(*inside,
	             arena_printf(&arena, "PREPARE rung_look AS %s",
	                          query_render(&arena, SQL_test_look, &test_database->history)),
	             NO_PARAMS, err))
		return false;
	test_database->prepared_in = database->entered;
	return query(*inside, "EXECUTE rung_look", NO_PARAMS, out, err);
}

bool test_state_load(struct test_database *test_database, struct arena *arena, struct test_state *out,
                     struct error *err)
{
	scoped_arena struct arena scratch = {0};
	scoped_rows struct rows *rows = NULL;
	struct test_state facts = {.is_known = true, .is_copied = true};
	struct buffer own = {.arena = arena};
	struct buffer shared = {.arena = arena};
	const char *more = NULL;
	struct session *inside;

	if (!look(test_database, &inside, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++)
		take_row(test_database, &facts, &own, &shared, rows, i, &more);
	if (more && !add_rows(inside, more, &facts, &own, err))
		return false;
	facts.own = buffer_cstr(&own);
	facts.shared = buffer_cstr(&shared);
	see_settings(test_database, &facts, &scratch);
	*out = facts;
	return true;
}

bool test_state_equal(const struct test_state *before, const struct test_state *after)
{
	return before->is_known && after->is_known && strcmp(before->own, after->own) == 0 &&
	       strcmp(before->shared, after->shared) == 0;
}
