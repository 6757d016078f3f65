#include "catalog/catalog_query.h"

#include "test.h"

TEST(sql_of_version_leaves_lines_out_that_are_for_others)
{
	static const char sql[] = "select a,\nb, -- since 14\nc, -- before 14\nd, -- since 15 before 17\ne\n";
	static const struct {
		int major;
		const char *text;
	} rows[] = {
	    {12, "select a,\nc, \ne\n"},      {14, "select a,\nb, \ne\n"}, {15, "select a,\nb, \nd, \ne\n"},
	    {16, "select a,\nb, \nd, \ne\n"}, {17, "select a,\nb, \ne\n"},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(sql_of_version(&arena, sql, rows[i].major), rows[i].text);
}

/* Every kind is read by some query, unless its query says "kind" in a column. */
TEST(kinds_have_names_of_their_own)
{
	for (size_t i = 0; i < OBJECT_KIND_COUNT; i++) {
		CHECK(object_kinds[i].name);
		CHECK(object_kind_find(object_kinds[i].name) == &object_kinds[i]);
		CHECK(object_kind_number(&object_kinds[i]) == i);
	}
	CHECK(!object_kind_find("nonsense"));
}
