#include "catalog/extract_field.h"

#include "test.h"

TEST(extract_field_is_folded_as_it_is_when_read_back)
{
	static const struct {
		const char *text;
		const char *settled; /* NULL: as it was */
		const char *left;
	} rows[] = {
	    {"(EXTRACT(YEAR FROM now()) - (1)::numeric)", "(EXTRACT(year FROM now()) - (1)::numeric)",
	     "(EXTRACT('YEAR' FROM now()) - (1)::numeric)"},
	    {"EXTRACT(Hour FROM EXTRACT(doY FROM a))", "EXTRACT(hour FROM EXTRACT(doy FROM a))",
	     "EXTRACT('Hour' FROM EXTRACT('doY' FROM a))"},
	    {"EXTRACT(year FROM now())", NULL, NULL},
	    {"EXTRACT(a b FROM c)", NULL, NULL},
	    {"'EXTRACT(YEAR FROM now())'::text", NULL, NULL},
	    {"EXTRACT(", NULL, NULL},
	    {"", NULL, NULL},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_STR(extract_field_settle(&arena, rows[i].text),
		          rows[i].settled ? rows[i].settled : rows[i].text);
		CHECK_STR(extract_field_leave(&arena, rows[i].text), rows[i].left ? rows[i].left : rows[i].text);
	}
}
