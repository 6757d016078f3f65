#include "catalog/and_chain.h"

#include "test.h"

TEST(and_chain_settles_what_is_in_the_first_place)
{
	static const struct {
		const char *text;
		const char *settled; /* NULL: as it was */
	} rows[] = {
	    {"CHECK ((((a >= 1) AND (a <= 2)) AND (b > 0)))", "CHECK (((a >= 1) AND (a <= 2) AND (b > 0)))"},
	    {"((((a OR b)) OR c) OR d)", "(((a OR b)) OR c OR d)"},
	    {"((((a OR b) OR c) OR d) OR e)", "(a OR b OR c OR d OR e)"},
	    {"(x AND (((a < 1) OR (a > 2)) OR b))", "(x AND ((a < 1) OR (a > 2) OR b))"},
	    {"(((a = 'x) AND (y'::text) AND b) AND c)", "((a = 'x) AND (y'::text) AND b AND c)"},
	    {"((a OR b) AND c)", NULL},
	    {"(a AND (b AND c))", NULL},
	    {"((f(a AND b)) AND c)", NULL},
	    {"'(((a) AND (b)) AND c)'", NULL},
	    {"((a", NULL},
	    {"", NULL},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(and_chain_settle(&arena, rows[i].text), rows[i].settled ? rows[i].settled : rows[i].text);
}

TEST(and_chain_is_written_as_it_was_meant)
{
	static const struct {
		const char *sql;
		const char *left; /* NULL: as it was */
	} rows[] = {
	    {"CHECK ((((a >= 1) AND (a <= 2)) AND (b > 0)))", "CHECK (((a BETWEEN 1 AND 2) AND (b > 0)))"},
	    {"((((t.a + 1) < f('(', 1)) OR ((t.a + 1) > 2)) OR x)",
	     "(((t.a + 1) NOT BETWEEN f('(', 1) AND 2) OR x)"},
	    {"(((a >= 1) AND (b <= 2)) AND c)", NULL},
	    {"(((a >= 1) AND (a < 2)) AND c)", NULL},
	    {"(((a >= 1) AND (a <= 2)) OR c)", NULL},
	    {"AS $$(((a >= 1) AND (a <= 2)) AND c)$$", NULL},
	    {"'(((a >= 1) AND (a <= 2)) AND c)'", NULL},
	    {"(((a >= 1", NULL},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(and_chain_leave(&arena, rows[i].sql), rows[i].left ? rows[i].left : rows[i].sql);
}
