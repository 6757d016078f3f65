#include "report/display.h"

#include <string.h>

#include "test.h"

TEST(what_steers_a_terminal_is_written_out)
{
	static const struct {
		const char *given;
		const char *line;
		const char *page;
		const char *json;
	} rows[] = {
	    {"a\033[2Jb", "a\\x1B[2Jb", "a\\x1B[2Jb", "a\033[2Jb"},
	    {"a\tb\nc", "a b c", "a\tb\nc", "a\tb\nc"},
	    {"a\rb\bc\ad", "a b\\x08c\\x07d", "a\\x0Db\\x08c\\x07d", "a\rb\bc\ad"},
	    {"a\x7F", "a\\x7F", "a\\x7F", "a\\u007F"},
	    {"a\xC2\x9B"
	     "2J",
	     "a\\x9B2J", "a\\x9B2J", "a\\u009B2J"},
	    {"a\x9B"
	     "2J",
	     "a\\x9B2J", "a\\x9B2J", "a\\u009B2J"},
	    {"a\xE2\x80\xAE"
	     "b",
	     "a\\u202Eb", "a\\u202Eb", "a\\u202Eb"},
	    {"a\xE2\x81\xA6"
	     "b",
	     "a\\u2066b", "a\\u2066b", "a\\u2066b"},
	    {"a\xE2\x80\x8F"
	     "b",
	     "a\\u200Fb", "a\\u200Fb", "a\\u200Fb"},
	    {"a\xD8\x9C"
	     "b",
	     "a\\u061Cb", "a\\u061Cb", "a\\u061Cb"},
	    {"a\xF3\xA0\x80\x81"
	     "b",
	     "a\\uE0001b", "a\\uE0001b", "a\\uDB40\\uDC01b"},
	    {"\xC3\xA4 \xE6\x97\xA5 \xF0\x9F\x98\x80", "\xC3\xA4 \xE6\x97\xA5 \xF0\x9F\x98\x80",
	     "\xC3\xA4 \xE6\x97\xA5 \xF0\x9F\x98\x80", "\xC3\xA4 \xE6\x97\xA5 \xF0\x9F\x98\x80"},
	    {"a\xFFr"
	     "b",
	     "a\\xFFrb", "a\033[31mb", "a\\u00FFrb"},
	    {"a\xFF", "a\\xFF", "a\\xFF", "a\\u00FF"},
	    {"a\xFFz", "a\\xFFz", "a\\xFFz", "a\\u00FFz"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(display_line(&arena, rows[i].given), rows[i].line);
		CHECK_STR(display_page(&arena, rows[i].given), rows[i].page);
		CHECK_STR(display_json(&arena, rows[i].given), rows[i].json);
	}
}

/* Whatever is thrown at it: of controls only line ends, tabs and our own colours come out. */
TEST(no_page_holds_a_control_that_is_not_ours)
{
	unsigned seed = 7;

	for (size_t i = 0; i < 20000; i++) {
		scoped_arena struct arena arena = {0};
		char text[17] = "";

		for (size_t j = 0; j < sizeof(text) - 1; j++) {
			seed = seed * 1103515245 + 12345;
			text[j] = (char)(seed >> 16 & 0xFF);
		}
		const char *line = display_line(&arena, text);
		CHECK(utf8_check(str_of(line)) == strlen(line));
		for (const char *c = line; *c; c++)
			CHECK((unsigned char)*c >= 0x20 && *c != 0x7F);
		CHECK(!strstr(line, "\xC2\x9B") && !strstr(line, "\xE2\x80\xAE"));
	}
}
