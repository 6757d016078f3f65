#include "backup/summary/pattern.h"

#include <string.h>

#include "test.h"

/* What psql 15 sends for "\set ECHO_HIDDEN on" and "\dt" with the same text. */
TEST(patterns_of_tables_are_those_of_psql)
{
	static const struct {
		const char *text, *schema, *table;
	} rows[] = {
	    {"orders", "", "^(orders)$"},
	    {"ORDERS", "", "^(orders)$"},
	    {"\"Orders\"", "", "^(Orders)$"},
	    {"audit.*", "^(audit)$", "^(.*)$"},
	    {"Audit.log_?", "^(audit)$", "^(log_.)$"},
	    {"\"a.b\".\"c\"\"d\"", "^(a\\.b)$", "^(c\"d)$"},
	    {"\"*\"", "", "^(\\*)$"},
	    {"a$b", "", "^(a\\$b)$"},
	    {"log_[0-9]+", "", "^(log_[0-9]+)$"},
	    {"a|b", "", "^(a|b)$"},
	    {"db.s.t", "^(s)$", "^(t)$"},
	    {"s.", "^(s)$", "^()$"},
	    {"\"half\"open", "", "^(halfopen)$"},
	    {"x[]", "", "^(x\\[])$"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct pattern pattern = pattern_parse(rows[i].text, &arena);

		CHECK_ROW(i,
		          strcmp(pattern.schema, rows[i].schema) == 0 && strcmp(pattern.table, rows[i].table) == 0);
	}
}
