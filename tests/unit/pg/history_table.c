/* One list of our tables, and what goes by it. */
#include "pg/history_table.h"

#include <string.h>

#include "test.h"

TEST(each_table_of_the_history_is_made_and_finished)
{
	for (size_t i = 0; i < HISTORY_TABLE_COUNT; i++) {
		scoped_arena struct arena arena = {0};

		CHECK_ROW(
		    i, strstr(SQL_history_prepare, arena_printf(&arena, "create table if not exists :\"history%s\" (",
		                                                history_table_tails[i])));
		CHECK_ROW(i,
		          strstr(SQL_history_prepare_comment,
		                 arena_printf(&arena, "comment on table :\"history%s\" is", history_table_tails[i])));
		CHECK_ROW(i, strlen(history_table_tails[i]) <= history_table_tail_len());
	}
}

TEST(query_render_knows_all_tables)
{
	static const struct qualified_name history = {"a b", "v"};
	scoped_arena struct arena arena = {0};

	CHECK_STR(query_render(&arena, "any (:history_names)", &history),
	          "any (array['v', 'v_log', 'v_run', 'v_step', 'v_batch', 'v_catalog'])");
	CHECK_STR(
	    query_render(&arena, "on :history_list to", &history),
	    "on \"a b\".\"v\", \"a b\".\"v_log\", \"a b\".\"v_run\", \"a b\".\"v_step\", \"a b\".\"v_batch\", "
	    "\"a b\".\"v_catalog\" to");
	CHECK_STR(
	    history_table_array(&history, &arena),
	    "{\"\\\"a b\\\".\\\"v\\\"\",\"\\\"a b\\\".\\\"v_log\\\"\",\"\\\"a b\\\".\\\"v_run\\\"\",\"\\\"a "
	    "b\\\".\\\"v_step\\\"\",\"\\\"a b\\\".\\\"v_batch\\\"\",\"\\\"a b\\\".\\\"v_catalog\\\"\"}");
}
