#include "sql/lexer.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

/* One letter for each token: what the lexer made of a text, at a glance. */
static const char *shape_of(struct lexer *lexer, char *out, size_t size)
{
	static const char letters[] = {
	    [TOKEN_END] = '.',       [TOKEN_SPACE] = ' ',    [TOKEN_COMMENT] = 'c',    [TOKEN_WORD] = 'w',
	    [TOKEN_NAME] = 'n',      [TOKEN_STRING] = 's',   [TOKEN_NUMBER] = '1',     [TOKEN_OPERATOR] = '+',
	    [TOKEN_SEMICOLON] = ';', [TOKEN_VARIABLE] = 'v', [TOKEN_BACKSLASH] = '\\', [TOKEN_PUNCTUATION] = '_',
	};
	size_t len = 0;

	for (struct token token; len + 1 < size && (token = lexer_next(lexer)).kind != TOKEN_END;)
		out[len++] = letters[token.kind];
	out[len] = '\0';
	return out;
}

TEST(lexer_tells_tokens_apart)
{
	static const struct {
		const char *text, *shape;
	} rows[] = {
	    {"", ""},
	    {" \t\r\n\f\v", " "},
	    {"a b_1$ \xC3\xA9", "w w w"},
	    {"select 1", "w 1"},
	    {"'a;b'", "s"},
	    {"'it''s'", "s"},
	    {"''", "s"},
	    {"''''", "s"},
	    {"'a' 'b'", "s s"},
	    {"'a\\'", "s"},
	    {"E'a\\'b'", "s"},
	    {"e'a''b'", "s"},
	    {"E'\\\\'", "s"},
	    {"aE'x'", "ws"},
	    {"U&'x' u&\"y\"", "s n"},
	    {"U& 'x'", "w+ s"},
	    {"b'1' X'f' n'x'", "s s s"},
	    {"\"a;b\"", "n"},
	    {"\"a\"\"b\"", "n"},
	    {"$$a;b$$", "s"},
	    {"$a$ $$ $b$ $a$", "s"},
	    {"$a$$a$", "s"},
	    {"$a$ $a$a$", "sw"},
	    {"a$$b$$", "w"},
	    {"$1 $12", "1 1"},
	    {"$1$$x$$", "1s"},
	    {"$1a$$", "1"},
	    {"$ $", "_ _"},
	    {"$a b", "_w w"},
	    {"$1a", "1"},
	    {"-- a;b", "c"},
	    {"-- a\n1", "c 1"},
	    {"-- a\r1", "c 1"},
	    {"/* a; */1", "c1"},
	    {"/* /* */ ; */1", "c1"},
	    {"/*/ ; */1", "c1"},
	    {"/***/1", "c1"},
	    {"@-- x", "+c"},
	    {"+/* x */2", "+c1"},
	    {"//* x */", "+c"},
	    {"*/* x */", "+c"},
	    {"- -", "+ +"},
	    {"a-1", "w+1"},
	    {"<=> ~~* @>", "+ + +"},
	    {"a.b", "w_w"},
	    {"(a)[1]", "_w__1_"},
	    {"1.5 .5 5. 1..2 1e5", "1 1 1 1+1 1"},
	    {"1abc 0x1F 1_000", "1 1 1"},
	    {"1E'\\'", "1s"},
	    {"1$$;$$", "1s"},
	    {"a::int", "w+w"},
	    {"a:=1", "w+1"},
	    {":x", "v"},
	    {":'x' :\"x\" :{?x}", "v v v"},
	    {":1", "v"},
	    {": x", "_ w"},
	    {":'x y'", "_s"},
	    {":\"x y\"", "_n"},
	    {":{x}", "__w_"},
	    {":::x", "+v"},
	    {"':x'", "s"},
	    {"\\echo", "\\w"},
	    {"a;b", "w;w"},
	    {"(a;b)", "_w_w_"},
	    {"(a;b);", "_w_w_;"},
	    {"a);b", "w_;w"},
	    {"{}", "__"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lexer lexer = {.text = str_of(rows[i].text)};
		char shape[64];

		shape_of(&lexer, shape, sizeof(shape));
		if (strcmp(shape, rows[i].shape) != 0)
			fail_msg("row %zu: %s is \"%s\", not \"%s\"", i, rows[i].text, shape, rows[i].shape);
	}
}

TEST(lexer_knows_what_is_open)
{
	static const struct {
		const char *text;
		enum lexer_open open;
		size_t at;
	} rows[] = {
	    {"select 'a", OPEN_STRING, 7},
	    {"select 'a'' ;", OPEN_STRING, 7},
	    {"select E'a\\'", OPEN_ESCAPE_STRING, 7},
	    {"select E'a\\", OPEN_ESCAPE_STRING, 7},
	    {"\"a", OPEN_NAME, 0},
	    {" $a$ $b$", OPEN_DOLLAR_STRING, 1},
	    {" /* /* */ ", OPEN_COMMENT, 1},
	    {"'a'", OPEN_NOTHING, 0},
	    {"/* */", OPEN_NOTHING, 0},
	    {"-- 'a", OPEN_NOTHING, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lexer lexer = {.text = str_of(rows[i].text)};

		while (lexer_next(&lexer).kind != TOKEN_END)
			;
		CHECK_ROW(i, lexer.open == rows[i].open);
		CHECK_ROW(i, !lexer.open || lexer.opened_at == rows[i].at);
	}
}

TEST(lexer_continues_in_further_text)
{
	struct lexer lexer = {.text = STR("select 'a")};

	while (lexer_next(&lexer).kind != TOKEN_END)
		;
	lexer.text = STR("b;'; c");
	lexer.at = 0;
	const struct token rest = lexer_next(&lexer);
	CHECK(rest.kind == TOKEN_STRING && str_is(rest.text, "b;'"));
	CHECK(lexer_next(&lexer).kind == TOKEN_SEMICOLON);
}

TEST(lexer_counts_bodies_as_psql_does)
{
	static const struct {
		const char *text;
		size_t semicolons;
	} rows[] = {
	    {"create function f() begin atomic select 1; end;", 1},
	    {"create procedure f() begin atomic select 1; select 2; end;", 1},
	    {"create or replace function f() begin atomic a; end; b;", 2},
	    {"create or replace procedure f() begin atomic case a when b then c end; end; d;", 2},
	    {"create function f() return case when a then b end; c;", 2},
	    {"create function f() (begin; end); a;", 2},
	    {"create table begin; a; end;", 3},
	    {"create or function f() begin a; end;", 2},
	    {"begin; a; end;", 3},
	    {"create \"function\" f() begin a; end;", 2},
	    {"x create function f() begin a; end;", 2},
	    {"CREATE FUNCTION f() BEGIN ATOMIC A; END; b;", 2},
	    {"create function begin() a; b;", 0},
	    {"create function f() begin 'end'; /* end */ end; a;", 2},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lexer lexer = {.text = str_of(rows[i].text)};
		size_t semicolons = 0;

		for (struct token token; (token = lexer_next(&lexer)).kind != TOKEN_END;)
			semicolons += token.kind == TOKEN_SEMICOLON;
		CHECK_ROW(i, semicolons == rows[i].semicolons);
	}
}

TEST(lexer_joins_literals_over_lines_where_it_is_to)
{
	static const struct {
		const char *text;
		const char *psql, *server; /* the shapes */
	} rows[] = {
	    {"E'a'\n'b\\'c'", "s sws", "s s"},          {"E'a' -- note\r\n 'b\\'c'", "s c sws", "s c s"},
	    {"E'a' 'b\\'c'", "s sws", "s sws"},         {"E'a'/**/\n'b\\'c'", "sc sws", "sc sws"},
	    {"E'a'\n+\n'b\\'c'", "s + sws", "s + sws"}, {"'a'\n'b\\'c", "s sw", "s sw"},
	    {"U&'a'\n'b\\'c", "s sw", "s sw"},          {"$$a$$\n'b\\'c", "s sw", "s sw"},
	    {"\"a\"\n'b\\'c", "n sw", "n sw"},          {"E'a'\n'b'\n\n'c\\'d'", "s s sws", "s s s"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lexer psql = {.text = str_of(rows[i].text)};
		struct lexer server = {.text = str_of(rows[i].text), .joins_lines = true};
		char shape[32];

		CHECK_STR(shape_of(&psql, shape, sizeof(shape)), rows[i].psql);
		CHECK_STR(shape_of(&server, shape, sizeof(shape)), rows[i].server);
	}
}

TEST(lexer_lets_backslashes_escape_where_the_setting_says_so)
{
	static const struct {
		const char *text, *shape;
	} rows[] = {
	    {"'a\\'b'", "s"},          {"N'a\\'b'", "s"},  {"E'a\\'b'", "s"},
	    {"B'a\\'b", "sw"},         {"U&'a\\'b", "sw"}, {"'a'\n'b\\'c'", "s s"},
	    {"U&'a'\n'b\\'c", "s sw"}, {"$$a\\$$", "s"},   {"\"a\\\"b", "nw"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lexer lexer = {.text = str_of(rows[i].text), .joins_lines = true, .has_escapes = true};
		char shape[32];

		CHECK_STR(shape_of(&lexer, shape, sizeof(shape)), rows[i].shape);
	}
}
