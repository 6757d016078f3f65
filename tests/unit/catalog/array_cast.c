#include "catalog/array_cast.h"

#include "test.h"

TEST(array_cast_settles_what_is_printed_otherwise_once_read_back)
{
	static const struct {
		const char *text;
		const char *settled; /* NULL: as it was */
	} rows[] = {
	    {"((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
	     "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))"},
	    {"(ARRAY['a, b]'::character varying, 'it''s'::character varying])::text[]",
	     "ARRAY[('a, b]'::character varying)::text, ('it''s'::character varying)::text]"},
	    {"(ARRAY[E'\\\\'', ]'::character varying])::text[]",
	     "ARRAY[(E'\\\\'', ]'::character varying)::text]"},
	    {"(ARRAY[f(a, b), c[1]])::app.\"odd, type\"[]",
	     "ARRAY[(f(a, b))::app.\"odd, type\", (c[1])::app.\"odd, type\"]"},
	    {"x = ANY (ARRAY[('x'::character varying)::text])", NULL},
	    {"(ARRAY[1, 2])", NULL},
	    {"(ARRAY[1, 2])::text", NULL},
	    {"'(ARRAY[1])::text[]'::text", NULL},
	    {"\"(ARRAY[1])::text[]\"", NULL},
	    {"(ARRAY[1", NULL},
	    {"(ARRAY['a", NULL},
	    {"", NULL},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(array_cast_settle(&arena, rows[i].text), rows[i].settled ? rows[i].settled : rows[i].text);
}

TEST(array_cast_leaves_settled_text_alone)
{
	scoped_arena struct arena arena = {0};
	const char *once = array_cast_settle(&arena, "(ARRAY[a, b])::text[] || (ARRAY[c])::name[]");

	CHECK_STR(once, "ARRAY[(a)::text, (b)::text] || ARRAY[(c)::name]");
	CHECK_STR(array_cast_settle(&arena, once), once);
}

TEST(array_cast_is_left_out_of_statements)
{
	static const struct {
		const char *sql;
		const char *left; /* NULL: as it was */
	} rows[] = {
	    {"CHECK (((a)::text = ANY ((ARRAY['x]'::character varying, 'y'::character varying])::text[])))",
	     "CHECK (((a)::text = ANY (ARRAY['x]'::character varying, 'y'::character varying])))"},
	    {"((a)::text <> ALL ((ARRAY['x'::d])::text[]))", "((a)::text <> ALL (ARRAY['x'::d]))"},
	    {"DEFAULT (ARRAY['x'::d])::text[]", NULL},
	    {"= ANY ((ARRAY[1, 2])::numeric[])", NULL},
	    {"AS 'select a = ANY ((ARRAY[''x''])::text[])'", NULL},
	    {"AS $f$select $1 = ANY ((ARRAY['x'])::text[])$f$", NULL},
	    {"AS $$it's = ANY ((ARRAY['x'])::text[])$$", NULL},
	    {"= ANY ((ARRAY[1", NULL},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(array_cast_leave(&arena, rows[i].sql), rows[i].left ? rows[i].left : rows[i].sql);
}
