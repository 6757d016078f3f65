#include "backup/script/script_guard.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

/* In pieces of that size; what came through is in `out`. */
static bool pass_for(bool psql_is_restricted, struct str script, size_t size, struct buffer *out,
                     struct error *err)
{
	scoped_sink struct sink *sink = script_guard_open(psql_is_restricted, memory_open(out, 1 << 20));

	for (size_t at = 0; at < script.len; at += size)
		if (!sink_write(sink, str_slice(script, at, at + size), err))
			return false;
	return sink_finish(sink, err);
}

static bool pass(struct str script, size_t size, struct buffer *out, struct error *err)
{
	return pass_for(true, script, size, out, err);
}

TEST(script_guard_lets_pass_what_stays_in_the_database_however_it_is_cut)
{
	static const struct str scripts[] = {
	    STR(""),
	    STR("select 1"),
	    STR("select 'a\\!b', \"n\\!\", $$\\! x$$, $t$ $u$ \\connect $$ $t$; -- \\! \n/* \\! /* */ \\c */ "
	        "select 2;"),
	    STR("select E'it\\'s \\! \\\\', e'a''\\'\\!'; select b'1', x'f', n'\\!', u&'\\0041' 'x';"),
	    STR("select 'it''s', '\\'; select 1;"),
	    STR("select E'a\\\n\\'\\! b';"),
	    STR("select a$b$c, 1 -- \\!\n, $1, a[1:2], x::text, 1.5e-3, .5 from t;"),
	    STR("copy t (a, \"from\") from stdin;\n1\t\\N\n\\! x\\.\n\\.x\n it's \"\n\\.\nselect 1;"),
	    STR("COPY public.from FROM /* c */ stdin WITH (format csv); \t\r\n\\connect\r\n\\.\r\nselect 1;\r\n"),
	    STR("copy t to stdout; select 1; copy (select 1 from stdin) to stdout; select 2;"),
	    STR("create function f() returns int begin atomic select case when true then 1 end; select 2; "
	        "end;\nselect 1;"),
	    STR("create rule r as on insert to t do (select 1; select 2);"),
	    STR("prepare p as select 1; savepoint a; select 'commit'; alter table t add \"commit\" int;"),
	    STR("create function f() returns void language plpgsql as $$begin commit; end$$;"),
	    STR("\xEF\xBB\xBF"
	        "copy t from stdin;\n\\! x\n\\.\n"),
	    STR("copy t from stdin;\n\\N"),
	    STR("select a[1:n], a[lower:upper], a[:\"N\"], a[n :2]::int[], x := 1;"),
	    STR("alter table t alter begin set not null; select begin, case when a then b end from t;"),
	    STR("create or replace procedure p(begin int) begin atomic select 1; end;"),
	};

	for (size_t row = 0; row < sizeof(scripts) / sizeof(*scripts); row++)
		for (size_t size = 1; size <= scripts[row].len; size++) {
			scoped_arena struct arena arena = {0};
			struct buffer out = {.arena = &arena};
			struct error err = {0};

			if (!pass(scripts[row], size, &out, &err))
				fail_msg("row %zu in pieces of %zu: %s", row, size, err.message);
			CHECK_ROW(row, str_equal(buffer_str(&out), scripts[row]));
		}
}

TEST(script_guard_takes_out_the_restriction_of_a_dump_and_keeps_lines)
{
	const struct str script =
	    STR("-- a dump\n\\restrict Ab9\n\nselect 1;\n\\unrestrict Ab9\r\n-- end\n\\unrestrict x");

	for (size_t size = 1; size <= script.len; size++) {
		scoped_arena struct arena arena = {0};
		struct buffer out = {.arena = &arena};
		struct error err = {0};

		CHECK_ROW(size, pass(script, size, &out, &err));
		CHECK_STR(buffer_cstr(&out), "-- a dump\n\n\nselect 1;\n\n-- end\n");
	}
}

static void check_refusal(size_t row, struct str script, const char *line, const char *words)
{
	for (size_t size = 1; size <= script.len; size++) {
		scoped_arena struct arena arena = {0};
		struct buffer out = {.arena = &arena};
		struct error err = {0};

		if (pass(script, size, &out, &err))
			fail_msg("row %zu in pieces of %zu passed", row, size);
		CHECK_ROW(row, err.kind == ERROR_STORAGE && err.hint[0]);
		if (!strstr(err.message, line) || !strstr(err.message, words))
			fail_msg("row %zu in pieces of %zu: %s", row, size, err.message);
	}
}

TEST(script_guard_refuses_what_reaches_beyond_and_names_the_line)
{
	static const struct {
		struct str script;
		const char *line;
		const char *words;
	} rows[] = {
	    {STR("select 1;\n\\connect app\ndelete from users;\n"), "line 2 ", "\"\\connect\""},
	    {STR("\\! touch x"), "line 1 ", "\"\\!\""},
	    {STR("select 1 \\g |sh\n"), "line 1 ", "\"\\g\""},
	    {STR("select 1 \\; select 2;\n"), "line 1 ", "\"\\;\""},
	    {STR("\\restrict k \\! touch x\n"), "line 1 ", "\"\\restrict\""},
	    {STR("\\restrict `touch x`\n"), "line 1 ", "\"\\restrict\""},
	    {STR("select 1 \\restrict k\n"), "line 1 ", "\"\\restrict\""},
	    {STR("\\.\n"), "line 1 ", "\"\\.\""},
	    /* where literals, comments and data end */
	    {STR("select 'it''s'\\! x\n"), "line 1 ", "\"\\!\""},
	    {STR("select E'a\\'b'\\! x\n"), "line 1 ", "\"\\!\""},
	    {STR("select E'a'\n'b\\' \\! x\n"), "line 2 ", "\"\\!\""},
	    {STR("select $e'a\\'' \\! x\n'"), "line 1 ", "\"\\!\""},
	    {STR("select $a$ $b$ $a$ \\! x\n"), "line 1 ", "\"\\!\""},
	    {STR("select $a$ $$a$ \\! x\n"), "line 1 ", "\"\\!\""},
	    {STR("select 1 /* /* */ */ \\! x\n*/"), "line 1 ", "\"\\!\""},
	    {STR("select 1 /*/ */ \\! x\n*/"), "line 1 ", "\"\\!\""},
	    {STR("-- '\n\\! x\n"), "line 2 ", "\"\\!\""},
	    {STR("/*\n--\n*/ \\! x\n"), "line 3 ", "\"\\!\""},
	    {STR("copy t from stdin;\n1\n\\.\n\\! x\n"), "line 4 ", "\"\\!\""},
	    {STR("copy t from stdin; \\! x\n1\n\\.\n"), "line 1 ", "text after a COPY"},
	    {STR("copy t from stdin;\n1\n\\.\n-- note\n ;\nselect 1;\n"), "line 5 ",
	     "an empty statement after the data"},
	    {STR("copy t to stdout;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("copy t from '/x' where a is distinct from stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("copy public.from stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("copy \"from\" stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("select copy from stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("create function begin() returns int as 'x';\ncopy t from stdin;\n\\.\n"), "line 1 ",
	     "without ATOMIC"},
	    {STR("create function f() begin atomic select 1;\ncopy t from stdin;\n\\.\n"), "line 2 ", "a COPY"},
	    {STR("(create) function g() begin;\ncopy t from stdin;\n"), "line 1 ", "only looks like"},
	    {STR("create (or) function g() begin;"), "line 1 ", "only looks like"},
	    {STR("create, function g() begin;"), "line 1 ", "only looks like"},
	    {STR("copy \"t\"\"\".from stdin;\n\\! x\n"), "line 2 ", "\"\\!\""},
	    /* the transaction */
	    {STR("select 1;\n/* c */ Commit;\n"), "line 2 ", "\"Commit\""},
	    {STR("commit"), "line 1 ", "\"commit\""},
	    {STR("select 1;rollback;"), "line 1 ", "\"rollback\""},
	    {STR("begin;"), "line 1 ", "\"begin\""},
	    {STR("START transaction;"), "line 1 ", "\"START\""},
	    {STR("abort;"), "line 1 ", "\"abort\""},
	    {STR("select 1;\n\nend;"), "line 3 ", "\"end\""},
	    {STR("prepare -- \ntransaction 'x';"), "line 2 ", "\"PREPARE TRANSACTION\""},
	    {STR("create function f() begin atomic select 1;\ncommit;\n"), "line 2 ", "\"commit\""},
	    {STR("create function f() begin atomic select 1; end; end;"), "line 1 ", "\"end\""},
	    {STR("copy t from stdin;\n\\.\ncommit;"), "line 3 ", "\"commit\""},
	    /* what versions of psql read differently */
	    {STR("select 1E'a\\'' \\! x\n"), "line 1 ", "a number"},
	    {STR("select 1E--x\n"), "line 1 ", "a number"},
	    {STR("select 1a$x$ \\! x $x$;"), "line 1 ", "a number"},
	    {STR("select $1e'\\' \\! x\n'"), "line 1 ", "a number"},
	    /* what psql puts a value into, or ends earlier than it looks */
	    {STR("select :x$x$ $x$ \\! touch x\n$x$;\n"), "line 1 ", "a variable"},
	    {STR("select :e'\\' \\! touch x\n';\n"), "line 1 ", "a variable"},
	    {STR("select :'e''\\' \\! touch x\n';\n"), "line 1 ", "a variable"},
	    {STR("select a[1:HOST];\n"), "line 1 ", "a variable"},
	    {STR("select :'LAST_ERROR_MESSAGE';\n"), "line 1 ", "a variable"},
	    {STR("select :{?x};\n"), "line 1 ", "a test"},
	    {STR("select 0x1F$$ \\! x $$;"), "line 1 ", "a number"},
	    {STR("select E'a'\r'b\\'' \\! x\n"), "line 1 ", "a carriage return"},
	    {STR("-- a\rselect 1;\n"), "line 1 ", "a carriage return"},
	    {STR("select 'a\0b';\n"), "line 1 ", "a NUL byte"},
	};

	for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++)
		check_refusal(row, rows[row].script, rows[row].line, rows[row].words);
}

/* One that does not fit into the guard's room: `count` times `middle`. */
static struct str long_script(struct arena *arena, const char *begin, const char *middle, size_t count,
                              const char *end)
{
	struct buffer text = {.arena = arena};

	buffer_text(&text, begin);
	for (size_t i = 0; i < count; i++)
		buffer_text(&text, middle);
	buffer_text(&text, end);
	return buffer_str(&text);
}

TEST(script_guard_follows_lines_that_are_longer_than_its_room)
{
	static const struct {
		const char *begin, *middle, *end;
		bool passes;
	} rows[] = {
	    {"select '", "0123456789", "' from t;\n", true},
	    {"select '", "0123456789''", "' from t;\n", true},
	    {"select e'\\", "'0\\u12ab\\", "'' from t;\n", true},
	    {"select $a$", "b$a", "$a$ \\! x\n", false},
	    {"select $a$", "b$a", "$a$ from t;\n", true},
	    {"select $begin$", "0123456789 $begin ", "$begin$ from t;\n", true},
	    {"select \"", "0123456789\"\"", "\" from t;\n", true},
	    {"select \"", "0123456789", "\" \\! x\n", false},
	    {"/*", "0123/*45*/6789", "*/ select 1;\n", true},
	    {"/*", "0123/*45*/6789", "*/ \\! x\n", false},
	    {"select 1; -- ", "it's \\! no * command", "\nselect 2;\n", true},
	    {"select 1; -- ", "it's \\! no * command", "\n\\! x\n", false},
	    {"insert into t values ", "(1, 'it''s', E'\\'\\!'),", " (2, '\\!');\n", true},
	    {"insert into t values ", "(1, 'it''s', E'\\'\\!'),", " (2, '') \\!;\n", false},
	    {"select 1", "          ", ";\n", true},
	    {"select 1", "\n          ", "\\! x\n", false},
	    {"copy t from stdin;\n", "0123456789\\!", "\n\\.\nselect 1;\n", true},
	    {"copy t from stdin;\n", "0123456789\\!", "\\.\n\\.\n\\! x\n", false},
	    {"select \xE3\x81\x82'", "\xE3\x81\x82", "' from t;\n", true},
	    {"select ", "abcdefghij", ";\n", false}, /* no name is that long */
	    {"\\restrict ", "0123456789", "\n", false},
	};

	for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++)
		for (size_t size = 1009; size < 1 << 20; size = size * 5 + 1) {
			scoped_arena struct arena arena = {0};
			struct buffer out = {.arena = &arena};
			struct error err = {0};
			const struct str script =
			    long_script(&arena, rows[row].begin, rows[row].middle, 20011, rows[row].end);

			if (pass(script, size, &out, &err) != rows[row].passes)
				fail_msg("row %zu in pieces of %zu: %s", row, size, err.message);
			CHECK_ROW(row, !rows[row].passes || str_equal(buffer_str(&out), script));
		}
}

/* What psql of before August 2025 could be led to read in another way. */
TEST(script_guard_refuses_doubtful_reading_where_nothing_restricts_psql)
{
	static const struct {
		struct str script;
		const char *line; /* NULL: it passes */
		const char *words;
	} rows[] = {
	    {STR("set standard_conforming_strings = on;\nset client_encoding = 'UTF8';\nselect E'\\\\\\'';\n"),
	     NULL, NULL},
	    {STR("set names latin1; set client_encoding to \"sql-ascii\"; select '\\', '\\\\', 'a\\b';"),
	     "line 1 ", "standard_conforming"},
	    {STR("set names latin1; select 'a\\b', '\\\\';\n"), NULL, NULL},
	    {STR("set standard_conforming_strings = off;\n"), "line 1 ", "standard_conforming_strings"},
	    {STR("set session standard_conforming_strings to 0;\n"), "line 1 ", "standard_conforming_strings"},
	    {STR("set \"standard_conforming_strings\" to 'off';\n"), "line 1 ", "standard_conforming_strings"},
	    {STR("select 1;\nselect set_config('standard_conforming_strings', 'off', false);\n"), "line 2 ",
	     "setting"},
	    {STR("set client_encoding = 'SJIS';\n"), "line 1 ", "client_encoding"},
	    {STR("set local names 'gb-18030';\n"), "line 1 ", "client_encoding"},
	    {STR("set Client_Encoding to johab;\n"), "line 1 ", "client_encoding"},
	    /* a function may have set it */
	    {STR("select '\\' ' \\! touch x\n';\n"), "line 1 ", "standard_conforming_strings"},
	    {STR("select 'a\n\\\\\\' from t;\nselect '\\!';\n"), "line 2 ", "standard_conforming_strings"},
	    {STR("select '\\' from t;\n"), NULL, NULL},
	    {STR("select N'\\';\ncopy t from stdin;\n\\.\n"), "line 1 ", "standard_conforming_strings"},
	    {STR("select '\x81' || '\n\\! touch x\n';\n"), "line 1 ", "client encoding"},
	    {STR("select e'\x81\\' || '\\! x';\n"), "line 1 ", "client encoding"},
	    {STR("select 1;\nselect '\x81\x30\x81';\nselect '\\!';\n"), "line 2 ", "client encoding"},
	    {STR("select '\x8F\x41';\nselect '\\!';\n"), "line 1 ", "client encoding"},
	    {STR("select \x81 e'\\'\\!';\n"), "line 1 ", "client encoding"},
	    {STR("select \"\x81\";\n--\\"), "line 1 ", "client encoding"},
	    {STR("/*\n\x81*/\n--\\"), "line 2 ", "client encoding"},
	    {STR("select $a$\n\x81$a$\n--\\"), "line 2 ", "client encoding"},
	    {STR("select $\x81"
	         "a$ $\x81"
	         "b$ $\x81"
	         "a$;\n--\\"),
	     "line 1 ", "client encoding"},
	    {STR("select '\xE3\x81\x82';\ncopy t from stdin;\n1\\N\n\\.\n"), "line 1 ", "client encoding"},
	    {STR("\xEF\xBB\xBFselect e'\\'\\!';"), "line 1 ", "byte order mark"},
	    /* what is no danger */
	    {STR("select '\xE3\x81\x82'; comment on table t is 'no backslash';\n"), NULL, NULL},
	    {STR("-- \xE3\x81\x82\n/* \xD0\x90 */ select 'gr\xC3\xB6\xC3\x9F"
	         "er', '\\!';\n"),
	     NULL, NULL},
	    {STR("copy t from stdin;\n\x81\xE3\x81\x82\\N'\n\\.\nselect '\\!';\n"), NULL, NULL},
	    {STR("create function f() as $$ select '\\' $$;\nselect '\\!';\n"), NULL, NULL},
	};

	for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++)
		for (size_t size = 1; size <= rows[row].script.len; size++) {
			scoped_arena struct arena arena = {0};
			struct buffer out = {.arena = &arena};
			struct error err = {0};
			const bool passes = pass_for(false, rows[row].script, size, &out, &err);

			if (passes != !rows[row].line)
				fail_msg("row %zu in pieces of %zu: %s", row, size, err.message);
			if (!passes && (!strstr(err.message, rows[row].line) || !strstr(err.message, rows[row].words)))
				fail_msg("row %zu in pieces of %zu: %s", row, size, err.message);
		}
}
