/*
 * A statement was begun, and nobody knows how it ended: what that means for each kind of statement, and for
 * what a second run of it says. What asks the server (indexes, DETACH) is for the cases.
 */
#include "apply/nontransactional/recovery.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static const struct statement *first_of(const char *text, struct arena *arena, struct script *script)
{
	struct error err;

	CHECK(script_parse(str_of(text), "x.sql", NULL, arena, script, &err));
	CHECK(script->count > 0);
	return &script->statements[0];
}

TEST(statement_cut_off_is_run_again_or_left_to_a_human_by_its_kind)
{
	static const struct {
		const char *text;
		bool is_run_again; /* else a human is asked */
	} rows[] = {
	    {"VACUUM t;", true},           {"DROP INDEX CONCURRENTLY i;", true},
	    {"CREATE DATABASE d;", true},  {"DROP DATABASE d;", true},
	    {"REINDEX DATABASE d;", true}, {"CLUSTER;", true},
	    {"CALL work();", false},       {"SELECT work();", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		scoped_script struct script script = {0};
		const struct suspect suspect = {.statement = first_of(rows[i].text, &arena, &script), .version = 6};
		struct error err = {0};
		bool is_done = true;

		CHECK_ROW(i, recovery_settle(NULL, &suspect, &is_done, &err) == rows[i].is_run_again);
		CHECK_ROW(i, rows[i].is_run_again ? !is_done : strstr(err.hint, "rung repair 6") != NULL);
	}
}

TEST(second_run_that_fails_means_done_or_not_by_kind_and_sqlstate)
{
	static const struct {
		const char *text;
		const char *sqlstate;
		bool means_done;
		bool may_stay; /* after a first run that failed so */
	} rows[] = {
	    {"CREATE DATABASE d;", "42P04", true, false},
	    {"CREATE DATABASE d;", "42501", false, false},
	    {"DROP DATABASE d;", "3D000", true, false},
	    {"DROP DATABASE d;", "57014", false, true},
	    {"DROP INDEX CONCURRENTLY i;", "42704", true, false},
	    {"DROP INDEX CONCURRENTLY i;", "55P03", false, true},
	    {"CREATE INDEX CONCURRENTLY i ON t (a);", "42P07", false, false},
	    {"VACUUM t;", "57014", false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		scoped_script struct script script = {0};
		const struct statement *statement = first_of(rows[i].text, &arena, &script);
		struct error err = {.kind = ERROR_SQL};

		snprintf(err.sqlstate, sizeof(err.sqlstate), "%s", rows[i].sqlstate);
		CHECK_ROW(i, recovery_means_done(statement, &err) == rows[i].means_done);
		CHECK_ROW(i, recovery_may_stay(statement, &err) == rows[i].may_stay);
	}
}
