#include <string.h>

#include "command/import/import_project.h"
#include "test.h"

TEST(flyway_checksums_ignore_line_ends)
{
	static const struct {
		const char *text;
		int32_t checksum;
	} rows[] = {
	    {"", 0},
	    {"123456789", (int32_t)0xCBF43926},
	    {"1234\n56789\n", (int32_t)0xCBF43926},
	    {"1234\r\n\r\n56789\r\n", (int32_t)0xCBF43926},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, import_flyway_checksum(str_of(rows[i].text)) == rows[i].checksum);
}

TEST(sections_are_cut_where_their_tool_cuts_them)
{
	static const struct {
		void (*cut)(struct import *import, struct import_step *step, struct str text);
		const char *text;
		const char *up;
		const char *down;
		const char *problem; /* a part of the first one; NULL for none */
		bool transaction_none;
	} rows[] = {
	    {import_cut_dbmate, "-- migrate:up\na;\n-- migrate:down\nb;\n", "a;\n", "b;\n", NULL, false},
	    {import_cut_dbmate, "--migrate:up transaction:false\na;", "a;", "", "ends without", true},
	    {import_cut_dbmate, "-- migrate:upward\na;", "", "", "unknown option", false},
	    {import_cut_dbmate, "a;", "", "", "above its first part", false},
	    {import_cut_dbmate, "-- a;", "", "", "has no", false},
	    {import_cut_dbmate, "-- migrate:up\n-- migrate:up\n", "", "", "twice", false},
	    {import_cut_goose,
	     "-- +goose up\na;\r\n-- +goose StatementBegin\nb;\n-- +goose StatementEnd\n"
	     "-- +goose Down\nc;\n",
	     "a;\r\n\nb;\n\n", "c;\n", NULL, false},
	    {import_cut_goose, "-- +goose NO TRANSACTION\n-- +goose Up\na;\n-- +goose Down\n", "a;\n", "", NULL,
	     true},
	    {import_cut_goose, "-- +goose Up\n-- +goose Sideways\n", "", "", "unknown annotation", false},
	    {import_cut_goose, "-- +goose Down\na;\n-- +goose Up\n", "", "a;\n", "wrong order", false},
	    {import_cut_tern, "a;\n---- create above / drop below ----\nb;\n", "a;\n", "b;\n", NULL, false},
	    {import_cut_tern, "---- tern: disable-tx ----\na;\n---- create above / drop below ----\n", "\na;\n",
	     "", NULL, true},
	    {import_cut_tern, "a;\n", "a;\n", "", "ends without", false},
	    {import_cut_goose,
	     "-- +goose Up\n-- +goose StatementBegin\na\n-- +goose StatementEnd\nb;\n-- +goose Down\n",
	     "\na\n;\nb;\n", "", NULL, false},
	    {import_cut_goose,
	     "-- +goose Up\n-- +goose StatementBegin\na;\n-- +goose StatementEnd\n-- +goose StatementBegin\n"
	     "-- +goose Down\n",
	     "\na;\n\n\n", "", "never ends", false},
	    {import_cut_goose, "-- +goose Up\na;\n-- +goose StatementEnd\n-- +goose Down\n", "a;\n\n", "",
	     "did not begin", false},
	    {import_cut_goose, "a;\n-- +goose Up\n-- +goose Down\n", "", "", "above its first part", false},
	    {import_cut_tern, "a {{ b }}", "a {{ b }}", "", "template", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct import import = {.arena = &arena, .tool = import_tools};
		struct import_step step = {.path = "x.sql"};

		rows[i].cut(&import, &step, str_of(rows[i].text));
		CHECK_ROW(i, str_is(step.up, rows[i].up) || rows[i].problem);
		CHECK_ROW(i, str_is(step.down, rows[i].down));
		CHECK_ROW(i, step.transaction_none == rows[i].transaction_none);
		CHECK_ROW(i, (import.problem_count > 0) == (rows[i].problem != NULL));
		CHECK_ROW(i, !rows[i].problem || strstr(import.problems[0].text, rows[i].problem));
	}
}

TEST(versions_are_compared_by_value)
{
	CHECK(import_same_version("0012", "12"));
	CHECK(!import_same_version("12", "13"));
	CHECK(import_same_version("1975ea83b712", "1975ea83b712"));
	CHECK(!import_same_version("0ab", "ab"));
}
