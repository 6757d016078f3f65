#include "queries.h"

#include <string.h>

#include "base/arena.h"
#include "test.h"

/*
 * What lets any statement run code of the database is asked twice: with the history, and in the query after a
 * file that may have made such a thing. A query of its own there would be another round trip for each file.
 */
TEST(what_lets_statements_run_code_is_asked_alike_before_and_after_a_file)
{
	scoped_arena struct arena arena = {0};
	const char *from = strstr(SQL_history_code, "exists (select from pg_catalog.pg_event_trigger");
	const char *to = strstr(SQL_history_code, "\nor exists (select from pg_catalog.pg_type");

	CHECK(from && to);
	/* A type with modifiers shows in the text of the file. */
	CHECK(strstr(SQL_step_check_session, arena_strndup(&arena, from, (size_t)(to - from))));
}
