#include "catalog/object_pattern.h"

#include "test.h"

TEST(object_patterns_are_as_pg_dump_has_them_for_tables)
{
	static const struct {
		const char *pattern;
		const char *identity;
		bool matches;
	} rows[] = {
	    {"app.log", "app.log", true},
	    {"app.log", "app.log.day", true},
	    {"app.log", "app.log2", false},
	    {"app.log", "other.log", false},
	    {"log", "app.log.day", true},
	    {"app", "app.log", false},
	    {"app", "app", true},
	    {"app.*", "app.log", true},
	    {"app.*", "app", false},
	    {"app.log_p*", "app.log_p2026_01.pk", true},
	    {"app.log_p*", "app.log", false},
	    {"app.log_??", "app.log_01", true},
	    {"app.log_??", "app.log_012", false},
	    {"APP.Log", "app.log", true},
	    {"app.\"Log\"", "app.\"Log\"", true},
	    {"app.Log", "app.\"Log\"", false},
	    {"app.\"a*\"", "app.\"a*\"", true},
	    {"app.\"a*\"", "app.ab", false},
	    {"app.\"a.b\"", "app.\"a.b\".c", true},
	    {"app.\"a\"\"b\"", "app.\"a\"\"b\"", true},
	    {"app.f", "app.f(integer, text)", true},
	    {"app.f*", "app.g(app.f)", false},
	    {"*.*_p*q", "app.log_pxpq", true},
	    {"*.*_p*q", "app.log_pxp", false},
	    {"*", "app.log", true},
	    {"a.b.c", "a.b.c", true},
	    {"a.b.c", "a.b", false},
	    {"", "a.b", false},
	    {"a.", "a.b", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, object_pattern_matches(rows[i].pattern, rows[i].identity) == rows[i].matches);
	CHECK(object_patterns_match((const char *const[]){"x", "log", NULL}, "app.log"));
	CHECK(!object_patterns_match(NULL, "app.log"));
}
