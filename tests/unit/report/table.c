#include "report/table.h"

#include "report/capture.h"
#include "test.h"

static const struct column columns[] = {
    {"number", "#", COLUMN_NUMBER},    {"name", "Name", COLUMN_TEXT},
    {"took", "Time", COLUMN_DURATION}, {"kept", "kept", COLUMN_FLAG},
    {"state", "State", COLUMN_STATE},  {"hidden", NULL, COLUMN_TEXT},
    {"empty", "Empty", COLUMN_TEXT},   {0},
};

static char *table_shown(struct capture *capture, const struct reporter_options *options)
{
	scoped_reporter struct reporter *reporter = reporter_for_test(options);
	scoped_arena struct arena arena = {0};
	struct table table = {.type = "migration", .columns = columns, .arena = &arena};

	table_row(&table,
	          (const char *[]){"6", "06_\xE6\x97\xA5\xE6\x9C\xAC", "124", "true", "applied", "x", NULL});
	table_row(&table, (const char *[]){"10", "10_long_name", "3200", "false", NULL, "y", NULL});
	table_row(&table, (const char *[]){"11", "11_x", NULL, NULL, "pending", NULL, NULL});
	capture_begin(capture);
	table_print(&table, reporter);
	return capture_end(capture);
}

TEST(tables_are_aligned_by_columns_of_the_terminal)
{
	struct capture capture;

	CHECK_STR(table_shown(&capture, &(struct reporter_options){0}),
	          " #  Name            Time  kept  State\n"
	          " 6  06_\xE6\x97\xA5\xE6\x9C\xAC       124 ms  yes   applied\n"
	          "10  10_long_name   3.2 s\n"
	          "11  11_x                        pending\n");
	capture_clear(&capture);
}

TEST(tables_colour_states_without_moving_them)
{
	struct capture capture;

	CHECK_STR(table_shown(&capture, &(struct reporter_options){.colour = "always"}),
	          " \033[1m#\033[0m  \033[1mName\033[0m            \033[1mTime\033[0m  \033[1mkept\033[0m  "
	          "\033[1mState\033[0m\n"
	          " 6  06_\xE6\x97\xA5\xE6\x9C\xAC       124 ms  yes   \033[32mapplied\033[0m\n"
	          "10  10_long_name   3.2 s\n"
	          "11  11_x                        \033[33mpending\033[0m\n");
	capture_clear(&capture);
}

TEST(tables_are_objects_for_programs)
{
	struct capture capture;

	CHECK_STR(
	    table_shown(&capture, &(struct reporter_options){.json = true}),
	    "{\"v\":1,\"type\":\"migration\",\"number\":6,\"name\":\"06_\xE6\x97\xA5\xE6\x9C\xAC\",\"took\":124,"
	    "\"kept\":true,\"state\":\"applied\",\"hidden\":\"x\",\"empty\":null}\n"
	    "{\"v\":1,\"type\":\"migration\",\"number\":10,\"name\":\"10_long_name\",\"took\":3200,"
	    "\"kept\":false,\"state\":null,\"hidden\":\"y\",\"empty\":null}\n"
	    "{\"v\":1,\"type\":\"migration\",\"number\":11,\"name\":\"11_x\",\"took\":null,"
	    "\"kept\":null,\"state\":\"pending\",\"hidden\":null,\"empty\":null}\n");
	capture_clear(&capture);
}

TEST(an_empty_table_is_nothing)
{
	scoped_reporter struct reporter *reporter = reporter_for_test(&(struct reporter_options){0});
	struct capture capture;

	capture_begin(&capture);
	table_print(&(struct table){.columns = columns}, reporter);
	CHECK_STR(capture_end(&capture), "");
	capture_clear(&capture);
}
