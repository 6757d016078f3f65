#include "pg/query.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pg/libpq.h"
#include "test.h"

/* How the process ends that reads so much from an answer of one row with the texts "t" and "7". */
static int exit_of_reading(bool is_answered, size_t row, int column)
{
	PGresAttDesc columns[2] = {{.name = (char[]){"a"}}, {.name = (char[]){"b"}}};
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	struct error err = {0};
	int status = 0;

	CHECK(libpq_load(&err));
	CHECK(PQsetResultAttrs(result, 2, columns) && PQsetvalue(result, 0, 0, (char[]){"t"}, 1) &&
	      PQsetvalue(result, 0, 1, (char[]){"7"}, 1));
	const pid_t child = fork();
	if (child == 0) {
		const struct rows *rows = is_answered ? (const struct rows *)result : NULL;

		(void)!freopen("/dev/null", "w", stderr);
		_Exit(rows_flag(rows, row, column) || rows_number(rows, row, column) == 7 ? 0 : 1);
	}
	PQclear(result);
	CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status);
}

TEST(a_row_that_is_not_there_is_no_answer)
{
	enum { INTERNAL_ERROR = 5 };

	CHECK_INT(exit_of_reading(true, 0, 0), 0);
	CHECK_INT(exit_of_reading(true, 0, 1), 0);
	CHECK_INT(exit_of_reading(true, 1, 0), INTERNAL_ERROR);
	CHECK_INT(exit_of_reading(true, 0, 2), INTERNAL_ERROR);
	CHECK_INT(exit_of_reading(true, 0, -1), INTERNAL_ERROR);
	CHECK_INT(exit_of_reading(false, 0, 0), INTERNAL_ERROR);
}

TEST(one_row_is_neither_none_nor_two)
{
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	const struct rows *rows = (const struct rows *)result;
	PGresAttDesc column = {.name = (char[]){"a"}};
	struct error err;

	CHECK(!rows_are_one(NULL, &err));
	CHECK(PQsetResultAttrs(result, 1, &column) && !rows_are_one(rows, &err));
	CHECK(PQsetvalue(result, 0, 0, NULL, -1) && rows_are_one(rows, &err));
	CHECK(PQsetvalue(result, 1, 0, NULL, -1) && !rows_are_one(rows, &err));
	CHECK_STR(err.message, "the server answered 2 rows where one was asked for");
	PQclear(result);
}

TEST(query_render_fills_in_the_tables_of_history)
{
	static const struct {
		const char *schema;
		const char *name;
		const char *sql;
		const char *rendered;
	} rows[] = {
	    {"public", "schema_version", "select 1 from :\"history\" h",
	     "select 1 from \"public\".\"schema_version\" h"},
	    {"public", "v", "from :\"history_log\", :\"history_step\"",
	     "from \"public\".\"v_log\", \"public\".\"v_step\""},
	    {"My App", "v", "in :\"history_schema\";", "in \"My App\";"},
	    {"a\"b", "c\"d", ":\"history\"", "\"a\"\"b\".\"c\"\"d\""},
	    {"public", "v", ":\"history\":\"history\"", "\"public\".\"v\"\"public\".\"v\""},
	    {"public", "v", "select :history, ':history', '::text'", "select :history, ':history', '::text'"},
	    {"public", "v", "c.relname = :'history_log'", "c.relname = 'v_log'"},
	    {"it's", "v", "n.nspname = :'history_schema'", "n.nspname = 'it''s'"},
	    {"public", "v", ":\"other\" :\"history", ":\"other\" :\"history"},
	    {"public", "v", "", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct qualified_name name = {rows[i].schema, rows[i].name};

		CHECK_STR(query_render(&arena, rows[i].sql, &name), rows[i].rendered);
	}
}

TEST(query_fill_replaces_words_and_leaves_casts_and_strangers)
{
	static const struct query_word words[] = {{"table", "\"s\".\"t\""}, {"key", "id"}, {"keys", "a, b"}};
	static const struct {
		const char *sql;
		const char *filled;
	} rows[] = {
	    {"select k.:key from :table k", "select k.id from \"s\".\"t\" k"},
	    {"order by :keys, :key", "order by a, b, id"},
	    {"operator(:key.<)", "operator(id.<)"},
	    {"$1::key, ::table", "$1::key, ::table"},
	    {"cast($1 as :key)::bigint", "cast($1 as id)::bigint"},
	    {":\"history\" :other 'HH24:MI' a[1:2]", ":\"history\" :other 'HH24:MI' a[1:2]"},
	    {":", ":"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(query_fill(&arena, rows[i].sql, words, sizeof(words) / sizeof(*words)), rows[i].filled);
	}
}

TEST(qualified_names_are_read_as_the_server_reads_them)
{
	static const struct {
		const char *text;
		const char *schema; /* NULL when refused */
		const char *name;
	} rows[] = {
	    {"schema_version", "public", "schema_version"},
	    {"app.version", "app", "version"},
	    {"App.Version", "app", "version"},
	    {"\"App\".\"Ver.sion\"", "App", "Ver.sion"},
	    {"\"a\"\"b\".c", "a\"b", "c"},
	    {"\"Only\"", "public", "Only"},
	    {"größe.zahl", "größe", "zahl"},
	    {"", NULL, NULL},
	    {".", NULL, NULL},
	    {"a.", NULL, NULL},
	    {".a", NULL, NULL},
	    {"a.b.c", NULL, NULL},
	    {"\"a", NULL, NULL},
	    {"\"\".a", NULL, NULL},
	    {"a\"b\"", NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct qualified_name name = {0};
		struct error err = {0};
		const bool good = qualified_name_parse(rows[i].text, &arena, &name, &err);

		if (good != (rows[i].schema != NULL))
			fail_msg("\"%s\" was %s", rows[i].text, good ? "accepted" : err.message);
		if (!good) {
			CHECK(err.kind == ERROR_CONFIG);
			continue;
		}
		CHECK_STR(name.schema, rows[i].schema);
		CHECK_STR(name.name, rows[i].name);
	}

	scoped_arena struct arena arena = {0};
	struct qualified_name name;
	struct error err = {0};

	CHECK(!qualified_name_parse(NULL, &arena, &name, &err)); /* unset by "--history-table=" */
	CHECK_STR(err.message, "\"\" is not a table name; expected schema.table");
}

TEST(literals_mean_the_same_under_either_setting_of_standard_conforming_strings)
{
	static const struct {
		const char *text;
		const char *literal;
	} rows[] = {
	    {NULL, "NULL"},        {"", "''"},
	    {"plain", "'plain'"},  {"it's", "'it''s'"},
	    {"''", "''''''"},      {"back\\slash", " E'back\\\\slash'"},
	    {"\\'", " E'\\\\'''"}, {"größe\n", "'größe\n'"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(quote_literal(&arena, rows[i].text), rows[i].literal);
	}
}

TEST(names_are_always_quoted)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(quote_name(&arena, "users"), "\"users\"");
	CHECK_STR(quote_name(&arena, "a\"; drop table x; --"), "\"a\"\"; drop table x; --\"");
	CHECK_STR(qualified_name_quote(&arena, &(struct qualified_name){"My", "Table"}), "\"My\".\"Table\"");
}

TEST(a_name_made_of_another_is_no_longer_than_names_are)
{
	scoped_arena struct arena arena = {0};
	char head[64];

	CHECK_STR(name_with_tail(&arena, "app", "_restored"), "app_restored");
	memset(head, 'a', 63);
	head[63] = '\0';
	CHECK(strlen(name_with_tail(&arena, head, "_restored")) == 63);
	memcpy(head + 53, "ä", 2);
	CHECK(strlen(name_with_tail(&arena, head, "_restored")) == 62);
}
