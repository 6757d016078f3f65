/* Whose table it is, told by its columns and what kind of relation it is: one row for each verdict. */
#include "history/shape.h"

#include <string.h>

#include "test.h"

#define BY_HAND "version int8,description text,applied_at timestamptz"
#define OURS                                                                                     \
	BY_HAND ",name text,checksum text,state text,statements_done int4,duration_ms int8,"         \
	        "applied_by text,applied_from text,tool_version text,backup text,rollback_sql text," \
	        "rollback_checksum text,fingerprint text"
#define OUR_LOG "id int8,rollback_checksum text,sql text,sql_back text"

TEST(table_of_the_history_is_ours_or_by_hand_or_of_something_else)
{
	static const struct {
		const char *columns;
		const char *relkinds; /* of the tables, in the order of pg/history_table.h */
		const char *verdict;  /* "none", "adopted", "outdated", or the refusal */
	} rows[] = {
	    {"|||||", "------", "none"},
	    {BY_HAND "|||||", "r-----", "adopted"},
	    {"version int2,description varchar,applied_at timestamp|||||", "r-----", "adopted"},
	    {BY_HAND ",name text|||||", "r-----", "the table \"app.v\" belongs to something else"},
	    {OURS "|||||", "r-----", "outdated"},
	    {OURS "|" OUR_LOG "||||", "rrrrrr", "outdated"},
	    {OURS ",variables text|id int8||||", "rrrrrr", "outdated"},
	    {OURS ",variables text|id int8,rollback_checksum text||||", "rrrrrr", "outdated"},
	    {OURS ",variables text|" OUR_LOG "||||", "rrrrr-", "outdated"},
	    {OURS ",variables text|" OUR_LOG "||||", "rrrrrr", "current"},
	    {OURS ",variables text,note jsonb|" OUR_LOG "||||", "rrrrrr", "current"},
	    {OURS ",variables app.text|" OUR_LOG "||||", "rrrrrr",
	     "\"app.v\" is not the table that rung makes: its column and type \"variables app.text\" are not"},
	    {OURS ",note app.mood|" OUR_LOG "||||", "rrrrrr",
	     "\"app.v\" is not the table that rung makes: its column and type \"note app.mood\" are not"},
	    {OURS ",variables text|id int4||||", "rrrrrr",
	     "\"app.v_log\" is not the table that rung makes: its column and type \"id int4\" are not"},
	    {BY_HAND "|||||", "v-----", "\"app.v\" is not the table that rung makes: it is not a plain table"},
	    {"|||||", "-v----", "\"app.v_log\" is not the table that rung makes: it is not a plain table"},
	    {"installed_rank int4,version text|||||", "r-----", "the table \"app.v\" is the history of Flyway"},
	    {"version_num text|||||", "r-----", "the table \"app.v\" is the history of Alembic"},
	    {"price numeric|||||", "r-----", "the table \"app.v\" belongs to something else"},
	};
	const struct qualified_name table = {"app", "v"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct history history = {0};
		struct error err = {0};
		const char *verdict = "current";

		if (!shape_judge(&table, rows[i].columns, rows[i].relkinds, &history, &err))
			verdict = err.message;
		else if (!history.exists)
			verdict = "none";
		else if (history.is_adopted)
			verdict = "adopted";
		else if (history.is_outdated)
			verdict = "outdated";
		if (strcmp(verdict, rows[i].verdict) != 0)
			fail_msg("row %zu: \"%s\" instead of \"%s\"", i, verdict, rows[i].verdict);
	}
}
