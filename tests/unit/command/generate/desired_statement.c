#include "command/generate/desired_statement.h"

#include <string.h>

#include "test.h"

/* What is sent of the first statement of `text`. */
static struct desired_statement read_first(const char *text, struct arena *arena, const char **sql)
{
	scoped_script struct script script = {0};
	struct error err;

	CHECK(script_parse(str_of(text), "test", NULL, arena, &script, &err));
	const struct desired_statement facts = desired_statement_read(&script.statements[0], arena);
	*sql = str_copy(arena, script.statements[0].text);
	if (facts.kind == DESIRED_SETTING)
		*sql = desired_setting_sql(&facts, *sql, arena);
	if (facts.kind == DESIRED_ROUTINE)
		*sql = desired_routine_sql(&facts, *sql, arena);
	return facts;
}

TEST(statements_of_a_desired_schema_are_of_few_kinds)
{
	static const struct {
		const char *text;
		enum desired_kind kind;
		const char *sql; /* NULL: as it is */
	} rows[] = {
	    {"create table t (a int)", DESIRED_PLAIN, NULL},
	    {"begin", DESIRED_SKIPPED, NULL},
	    {"COMMIT", DESIRED_SKIPPED, NULL},
	    {"savepoint a", DESIRED_SKIPPED, NULL},
	    {"set transaction isolation level serializable", DESIRED_SKIPPED, NULL},
	    {"set search_path = a", DESIRED_SETTING, NULL},
	    {"SET /* */ LOCAL search_path = a", DESIRED_SETTING, "SET /* */  search_path = a"},
	    {"reset all", DESIRED_SETTING, NULL},
	    {"set role r", DESIRED_SETTING, NULL},
	    {"select pg_catalog.set_config('search_path', '', false)", DESIRED_SETTING, NULL},
	    {"insert into t values (1)", DESIRED_ROWS, NULL},
	    {"with a as (select 1) insert into t select * from a", DESIRED_ROWS, NULL},
	    {"with a as (insert into t values (1) returning *) select * from a", DESIRED_PLAIN, NULL},
	    {"with a as (select 1) select * from a", DESIRED_PLAIN, NULL},
	    {"copy t from '/x'", DESIRED_ROWS, NULL},
	    {"truncate t", DESIRED_ROWS, NULL},
	    {"select setval('s', 1)", DESIRED_PLAIN, NULL},
	    {"do $$ begin end $$", DESIRED_PLAIN, NULL},
	    {"create function f() returns int language sql as 'select 1'", DESIRED_ROUTINE,
	     "create OR REPLACE function f() returns int language sql as 'select 1'"},
	    {"create /* a */ or replace procedure p() language sql as ''", DESIRED_ROUTINE, NULL},
	    {"create or replace view v as select 1", DESIRED_PLAIN, NULL},
	    {"create extension x", DESIRED_EXTENSION, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *sql = NULL;
		const struct desired_statement facts = read_first(rows[i].text, &arena, &sql);

		CHECK_ROW(i, facts.kind == rows[i].kind);
		CHECK_STR(sql, rows[i].sql ? rows[i].sql : rows[i].text);
	}
}

TEST(extensions_say_where_they_are_to_be)
{
	static const struct {
		const char *text;
		const char *name;
		bool says_schema;
		bool says_version;
	} rows[] = {
	    {"create extension PgCrypto", "pgcrypto", false, false},
	    {"create extension if not exists \"uuid-ossp\"", "uuid-ossp", false, false},
	    {"create extension x with schema s cascade", "x", true, false},
	    {"create extension x version '1' schema s", "x", true, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *sql = NULL;
		const struct desired_statement facts = read_first(rows[i].text, &arena, &sql);

		CHECK_STR(facts.extension, rows[i].name);
		CHECK_ROW(i, facts.says_schema == rows[i].says_schema && facts.says_version == rows[i].says_version);
	}
}

TEST(a_file_that_turns_the_check_of_bodies_off_is_known)
{
	scoped_arena struct arena arena = {0};
	const char *sql = NULL;

	CHECK(read_first("SET check_function_bodies = false", &arena, &sql).sets_body_check);
	CHECK(
	    read_first("select set_config('check_function_bodies', 'off', false)", &arena, &sql).sets_body_check);
	CHECK(!read_first("set search_path = check_functions", &arena, &sql).sets_body_check);
}
