#include "backup/script_guard.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

/* In pieces of that size; what came through is in `out`. */
static bool pass(struct str script, size_t size, struct buffer *out, struct error *err)
{
	scoped_sink struct sink *sink = script_guard_open(memory_open(out, 1 << 20));

	for (size_t at = 0; at < script.len; at += size)
		if (!sink_write(sink, str_slice(script, at, at + size), err))
			return false;
	return sink_finish(sink, err);
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
	    {STR("copy t from stdin;\n1\n\\.\n\\! x\n"), "line 4 ", "\"\\!\""},
	    {STR("copy t from stdin; \\! x\n1\n\\.\n"), "line 1 ", "more on the line"},
	    {STR("copy t to stdout;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("copy t from '/x' where a is distinct from stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("copy public.from stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("copy \"from\" stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("select copy from stdin;\n\\! x\n\\.\n"), "line 2 ", "\"\\!\""},
	    {STR("create function begin() returns int as 'x';\ncopy t from stdin;\n\\.\n"), "line 2 ", "a COPY"},
	    /* the transaction */
	    {STR("select 1;\n/* c */ Commit;\n"), "line 2 ", "\"Commit\""},
	    {STR("commit"), "line 1 ", "\"commit\""},
	    {STR("select 1;rollback;"), "line 1 ", "\"rollback\""},
	    {STR("begin;"), "line 1 ", "\"begin\""},
	    {STR("START transaction;"), "line 1 ", "\"START\""},
	    {STR("abort;"), "line 1 ", "\"abort\""},
	    {STR("select 1;\n\nend;"), "line 3 ", "\"end\""},
	    {STR("prepare -- \ntransaction 'x';"), "line 2 ", "\"PREPARE TRANSACTION\""},
	    {STR("create function begin() returns int as 'x';\ncommit;\n"), "line 2 ", "\"commit\""},
	    {STR("create function f() begin atomic select 1; end; end;"), "line 1 ", "\"end\""},
	    {STR("copy t from stdin;\n\\.\ncommit;"), "line 3 ", "\"commit\""},
	    /* what versions of psql read differently */
	    {STR("select 1E'a\\'' \\! x\n"), "line 1 ", "a number"},
	    {STR("select 1E--x\n"), "line 1 ", "a comment"},
	    {STR("select 0x1F$$ \\! x $$;"), "line 1 ", "a number"},
	    {STR("select E'a'\r'b\\'' \\! x\n"), "line 1 ", "a carriage return"},
	    {STR("-- a\rselect 1;\n"), "line 1 ", "a carriage return"},
	    {STR("select 'a\0b';\n"), "line 1 ", "a NUL byte"},
	};

	for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++)
		check_refusal(row, rows[row].script, rows[row].line, rows[row].words);
}
