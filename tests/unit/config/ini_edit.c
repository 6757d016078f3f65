#include "config/ini_edit.h"

#include "test.h"

TEST(a_value_is_written_where_its_key_or_section_is)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
	    {"", "[backup]\nrequired = no\n"},
	    {"[files]\non_change = reapply\n", "[files]\non_change = reapply\n\n[backup]\nrequired = no\n"},
	    {"[files]\nx = y", "[files]\nx = y\n\n[backup]\nrequired = no\n"},
	    {"[backup]\nrequired = yes\n[files]\n", "[backup]\nrequired = no\n[files]\n"},
	    {"[backup]\n; required = yes\n", "[backup]\n; required = yes\nrequired = no\n"},
	    {"[backup]\nstore = a\n\n[files]\nx = y\n", "[backup]\nstore = a\nrequired = no\n\n[files]\nx = y\n"},
	    {"[files]\nrequired = 1\n", "[files]\nrequired = 1\n\n[backup]\nrequired = no\n"},
	    {" [backup] \n  required=yes", " [backup] \nrequired = no\n"},
	    {"# one\r\n[backup]\r\n", "# one\r\n[backup]\r\nrequired = no\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct str text = ini_with(str_of(rows[i].text), "backup", "required", "no", &arena);

		CHECK_STR(str_copy(&arena, text), rows[i].expected);
	}
}

TEST(a_value_is_taken_out_with_its_line_alone)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
	    {"", ""},
	    {"[files]\nrequired = 1\n", "[files]\nrequired = 1\n"},
	    {"[backup]\n# required = 1\n", "[backup]\n# required = 1\n"},
	    {"[backup]\nrequired = no\nstore = a", "[backup]\nstore = a"},
	    {"[backup]\nstore = a\nrequired = no", "[backup]\nstore = a\n"},
	    {"[backup]\nrequired=1\n[files]\nx = y\n[backup]\r\nrequired = 2\r\n",
	     "[backup]\n[files]\nx = y\n[backup]\r\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct str text = ini_without(str_of(rows[i].text), "backup", "required", &arena);

		CHECK_STR(str_copy(&arena, text), rows[i].expected);
	}
}
