#include "backup/restore/newer_settings.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

static const char *through(struct str script, int server_version, size_t size, struct arena *arena)
{
	struct buffer out = {.arena = arena};
	struct error err = {0};
	scoped_sink struct sink *sink = newer_settings_open(server_version, memory_open(&out, 1 << 20));

	for (size_t at = 0; at < script.len; at += size)
		CHECK(sink_write(sink, str_slice(script, at, at + size), &err));
	CHECK(sink_finish(sink, &err));
	return buffer_cstr(&out);
}

#define TIMEOUT "SET transaction_timeout = 0;\n"
#define SEARCH_PATH "SELECT pg_catalog.set_config('search_path', '', false);\n"

TEST(newer_settings_leave_the_head_of_a_script_and_nothing_else_does)
{
	static const struct {
		struct str script;
		const char *expected; /* for a server of 15; NULL: as it was */
	} rows[] = {
	    {STR("--\n\\restrict x\n\nSET lock_timeout = 0;\n" TIMEOUT SEARCH_PATH
	         "SET xmloption = content;\nselect 1;\n"),
	     "--\n\\restrict x\n\nSET lock_timeout = 0;\n" SEARCH_PATH "SET xmloption = content;\nselect 1;\n"},
	    {STR(SEARCH_PATH TIMEOUT), SEARCH_PATH},
	    {STR("SET transaction_timeout = 0;"), ""},
	    {STR("SET transaction_timeout = 0;\r\nselect 1;\r\n"), "select 1;\r\n"},
	    {STR("copy t from stdin;\n" TIMEOUT "\\.\n"), NULL},
	    {STR("select $$\n" TIMEOUT "$$;\n"), NULL},
	    {STR("SET x.y = '\n" TIMEOUT "';\n"), NULL},
	    {STR("/*\n" TIMEOUT "*/"), NULL},
	    {STR("SET transaction_timeout = 5;\n"), NULL},
	    {STR("SET transaction_timeout = 0; drop table t;\n"), NULL},
	    {STR(""), NULL},
	};
	static const size_t sizes[] = {1, 2, 7, 4096};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
			scoped_arena struct arena arena = {0};
			const char *expected = rows[i].expected ? rows[i].expected : rows[i].script.text;

			CHECK_ROW(i, strcmp(through(rows[i].script, 150004, sizes[k], &arena), expected) == 0);
			CHECK_ROW(i, strcmp(through(rows[i].script, 170000, sizes[k], &arena), rows[i].script.text) == 0);
		}
}

#define REFUSED                                                                                             \
	"pg_restore: error: could not execute query: FEHLER:  unbekannt\nCommand was: SET transaction_timeout " \
	"= 0;\n"
#define OTHER "pg_restore: error: could not execute query: ERROR:  no\nCommand was: CREATE TABLE t (\n);\n"
#define COUNTED(n) "pg_restore: warning: errors ignored on restore: " n "\n"

TEST(newer_settings_excuse_only_what_they_cause)
{
	static const struct {
		int client_major, server_version;
		bool by_jobs;
		int exit_code;
		struct str errors;
		bool is_excused, goes_on;
	} rows[] = {
	    {17, 150004, false, 1, STR(REFUSED COUNTED("1")), true, true},
	    {18, 120022, false, 1, STR("WARNING:  wal_level\n" REFUSED COUNTED("1")), true, true},
	    {17, 150004, true, 1, STR(REFUSED REFUSED REFUSED REFUSED COUNTED("2")), true, true},
	    {17, 150004, true, 1, STR(REFUSED REFUSED OTHER COUNTED("3")), false, true},
	    {17, 150004, true, 1, STR(REFUSED OTHER COUNTED("2")), false, true},
	    {17, 150004, false, 1, STR(REFUSED OTHER COUNTED("2")), false, false},
	    {17, 150004, false, 1, STR(REFUSED OTHER), false, false},
	    {17, 150004, false, 1, STR(OTHER COUNTED("1")), false, false},
	    {17, 150004, false, 1, STR(REFUSED "x" COUNTED("1")), false, true},
	    {17, 150004, false, 137, STR(REFUSED COUNTED("1")), false, true},
	    {17, 150004, false, 1, STR(REFUSED), false, true},
	    {17, 170000, false, 1, STR(REFUSED COUNTED("1")), false, true},
	    {16, 150004, false, 1, STR(REFUSED COUNTED("1")), false, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct newer_settings it = newer_settings_of(rows[i].client_major, rows[i].server_version);
		const struct child_result result = {.exit_code = rows[i].exit_code, .errors = rows[i].errors};
		struct error err = {0};

		it.by_jobs = rows[i].by_jobs;
		CHECK_ROW(i, newer_settings_excuse(&it, &result) == rows[i].is_excused);
		CHECK_ROW(i, newer_settings_watch(&it, rows[i].errors, &err) == rows[i].goes_on);
	}
}
