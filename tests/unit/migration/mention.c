#include "migration/mention.h"

#include "test.h"

TEST(mentions_follow_their_migration)
{
	static const struct renaming renamings[] = {
	    {"05_search", "07_search", 5, 7},
	    {"06_index", "08_index", 6, 8},
	};
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
	    {"select 1;", "select 1;"},
	    {"-- rung: requires: 05\nselect 1;", "-- rung: requires: 07\nselect 1;"},
	    {"--rung:Requires: 5, 06,4\r\nselect 5;", "--rung:Requires: 7, 08,4\r\nselect 5;"},
	    {"-- rung: requires: 0006", "-- rung: requires: 0008"},
	    {"-- requires: 05", "-- requires: 05"},
	    {"-- rung: branch: 05_search_x", "-- rung: branch: 05_search_x"},
	    {"-- Undone by rollback_05_search.sql.\n-- after 06_index, not 105_search\n",
	     "-- Undone by rollback_07_search.sql.\n-- after 08_index, not 105_search\n"},
	    {"select 1; -- 05_search\n-- rung: requires: 05\n",
	     "select 1; -- 05_search\n-- rung: requires: 05\n"},
	    {"", ""},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, str_is(mention_replace(str_of(rows[i].text), renamings, 2, &arena), rows[i].expected));
}
