#include "command/test/database_copy.h"

#include "base/clock.h"
#include "pg/query.h"

enum { STRATEGIES_FROM = 150000, LARGE_BYTES = 64 * 1024 * 1024 };
enum { MOST_DROPS = 5, LEAVING_MS = 1000, LEAVING_STEP_MS = 2 };

/* The server itself would look again ten times a second. */
static void wait_until_left(const struct database_copy *copying, const char *const *names, size_t count)
{
	const int64_t deadline_ms = clock_now_ms() + LEAVING_MS;
	const char *list = array_text(names, count, copying->arena);
	struct error ignored;

	for (;;) {
		scoped_rows struct rows *rows = NULL;

		if (!query_row(copying->beside, SQL_test_copy_left, PARAMS(list), &rows, &ignored) ||
		    rows_number(rows, 0, ONLY_COLUMN) == 0 || clock_now_ms() >= deadline_ms ||
		    !clock_sleep_ms(LEAVING_STEP_MS))
			return;
	}
}

/*
 * To log what is copied, which servers do from 15 on, spares two checkpoints;
 * for what is large to copy the files is less.
 */
static const char *strategy(const struct database_copy *copying, const char *original)
{
	scoped_rows struct rows *rows = NULL;
	struct error ignored;

	if (session_server_version(copying->beside) < STRATEGIES_FROM ||
	    !query_row(copying->beside, SQL_test_copy_size, PARAMS(original), &rows, &ignored) ||
	    rows_number(rows, 0, ONLY_COLUMN) < LARGE_BYTES)
		return "";
	return " STRATEGY file_copy";
}

bool database_copy_create(const struct database_copy *copying, const char *name, const char *original,
                          struct error *err)
{
	const char *sql =
	    arena_printf(copying->arena, "CREATE DATABASE %s TEMPLATE %s%s", quote_name(copying->arena, name),
	                 quote_name(copying->arena, original), strategy(copying, original));

	wait_until_left(copying, (const char *const[]){name, original}, 2);
	return execute(copying->beside, sql, NO_PARAMS, err) &&
	       (!copying->takes_settings ||
	        execute(copying->beside, SQL_test_copy_settings, PARAMS(original, name), err));
}

/*
 * After Ctrl-C a statement of the session is cancelled on the server, whatever
 * it is, and a cancellation that comes late meets another one: once more then.
 */
bool database_copy_drop(const struct database_copy *copying, const char *name, struct error *err)
{
	const char *sql =
	    arena_printf(copying->arena, "DROP DATABASE IF EXISTS %s", quote_name(copying->arena, name));

	wait_until_left(copying, &name, 1);
	for (int i = 0; i < MOST_DROPS; i++)
		if (execute(copying->beside, sql, NO_PARAMS, err))
			return true;
	return false;
}
