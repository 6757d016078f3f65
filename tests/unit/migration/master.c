#include "migration/master.h"

#include <string.h>

#include "project.h"
#include "test.h"

TEST(the_orchestrator_must_include_everything_in_order)
{
	static const struct {
		const char *text;
		const char *message; /* a part of it; NULL when all is well */
		const char *place;
	} rows[] = {
	    {"\\ir 01_a.sql\n\\ir 02_b.sql\n\\ir 10_c.sql\n", NULL, NULL},
	    {"-- all\n\\set ON_ERROR_STOP on\n\n  \\ir 01_a.sql \r\n\\ir '02_b.sql'\n\\i schema/10_c.sql", NULL,
	     NULL},
	    {"\\ir 01_a.sql\n\\ir 02_b.sql\n", "does not include \"10_c.sql\" in its place", ""},
	    {"\\ir 01_a.sql\n\\ir 10_c.sql\n", "does not include \"02_b.sql\" in its place",
	     "schema/00_all.sql:2"},
	    {"\\ir 01_a.sql\n\\ir 10_c.sql\n\\ir 02_b.sql\n", "\"02_b.sql\" in its place", "schema/00_all.sql:2"},
	    {"\\ir 01_a.sql\n\\ir 02_b.sql\n\\ir 05_x.sql\n\\ir 10_c.sql\n", "\"05_x.sql\", which does not exist",
	     "schema/00_all.sql:3"},
	    {"\\ir 01_a.sql\n\\ir 02_b.sql\n\\ir 10_c.sql\n\\ir 10_c.sql\n", "more than once",
	     "schema/00_all.sql:4"},
	    {"", "does not include \"01_a.sql\"", ""},
	    {"\\ir seed/01_demo.sql.txt\n\\ir helper.sql\n\\ir 01_a.sql\n\\ir 02_b.sql\n\\ir 10_c.sql", NULL,
	     NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_project struct project project;
		project_open(&project);
		project_fill(&project, "schema/01_a.sql schema/02_b.sql schema/10_c.sql rollback/rollback_01_a.sql "
		                       "rollback/rollback_02_b.sql rollback/rollback_10_c.sql");
		project_write(&project, "schema/00_all.sql", rows[i].text);
		struct tree tree = project_load(&project);

		master_inspect(&tree, &project.arena);
		CHECK_ROW(i, tree.finding_count == (rows[i].message ? 1 : 0));
		if (tree.finding_count && (!strstr(tree.findings[0].message, rows[i].message) ||
		                           strcmp(tree.findings[0].place, rows[i].place) != 0))
			fail_msg("row %zu: %s at %s", i, tree.findings[0].message, tree.findings[0].place);
	}
}

TEST(what_runs_last_is_included_last)
{
	static const struct {
		const char *text;
		bool is_good;
	} rows[] = {
	    {"\\ir 01_a.sql\n\\ir 10_c.sql\n\\ir 02_v.sql\n", true},
	    {"\\ir 01_a.sql\n\\ir 02_v.sql\n\\ir 10_c.sql\n", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_project struct project project;
		project_open(&project);
		project_fill(&project, "schema/01_a.sql schema/10_c.sql rollback/rollback_01_a.sql "
		                       "rollback/rollback_10_c.sql rollback/rollback_02_v.sql");
		project_write(&project, "schema/02_v.sql", "-- rung: order: last\nselect 1;\n");
		project_write(&project, "schema/00_all.sql", rows[i].text);
		struct tree tree = project_load(&project);

		master_inspect(&tree, &project.arena);
		CHECK_ROW(i, (tree.finding_count == 0) == rows[i].is_good);
	}
}

TEST(a_new_migration_gets_its_line)
{
	static const struct {
		const char *before;
		const char *file_name;
		const char *after;
	} rows[] = {
	    {"\\ir 01_a.sql\n", "02_b.sql", "\\ir 01_a.sql\n\\ir 02_b.sql\n"},
	    {"\\ir 01_a.sql", "02_b.sql", "\\ir 01_a.sql\n\\ir 02_b.sql\n"},
	    {"\\ir 01_a.sql\n\n-- the end\n", "02_b.sql", "\\ir 01_a.sql\n\\ir 02_b.sql\n\n-- the end\n"},
	    {"\\ir 01_a.sql\n\\ir 03_c.sql\n", "02_b.sql", "\\ir 01_a.sql\n\\ir 02_b.sql\n\\ir 03_c.sql\n"},
	    {"-- all\n\\ir 02_b.sql\n", "01_a.sql", "-- all\n\\ir 01_a.sql\n\\ir 02_b.sql\n"},
	    {"\\ir 01_a.sql\r\n", "02_b.sql", "\\ir 01_a.sql\r\n\\ir 02_b.sql\r\n"},
	    {"\t\\i 'schema/01_a.sql'\n", "02_b.sql", "\t\\i 'schema/01_a.sql'\n\t\\i 'schema/02_b.sql'\n"},
	    {"\\ir 01_a.sql\n\\ir 02_b.sql\n", "02_b.sql", "\\ir 01_a.sql\n\\ir 02_b.sql\n"},
	    {"-- nothing yet\n", "01_a.sql", "-- nothing yet\n\\ir 01_a.sql\n"},
	    {"-- nothing yet", "01_a.sql", "-- nothing yet\n\\ir 01_a.sql\n"},
	    {"", "01_a.sql", "\\ir 01_a.sql\n"},
	    {"\\ir 9_a.sql\n", "10_b.sql", "\\ir 9_a.sql\n\\ir 10_b.sql\n"},
	    /* before what runs last */
	    {"\\ir 01_a.sql\n\\ir 50_v.sql\n", "60_b.sql", "\\ir 01_a.sql\n\\ir 60_b.sql\n\\ir 50_v.sql\n"},
	    {"\\ir 50_v.sql\n", "60_b.sql", "\\ir 60_b.sql\n\\ir 50_v.sql\n"},
	};
	struct migration last = {.number = 50, .directives = {.order_last = true}};
	const struct tree tree = {.migrations = &last, .count = 1};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct str after = master_with(str_of(rows[i].before), rows[i].file_name, &tree, &arena);

		if (!str_is(after, rows[i].after))
			fail_msg("row %zu: %.*s", i, STR_ARGS(after));
	}
}

TEST(a_migration_that_goes_takes_its_line_along)
{
	static const struct {
		const char *before;
		const char *after;
	} rows[] = {
	    {"\\ir 01_a.sql\n\\ir 02_b.sql\n\\ir 03_c.sql\n", "\\ir 01_a.sql\n\\ir 03_c.sql\n"},
	    {"\\ir 01_a.sql\r\n\\ir '02_b.sql'\r\n", "\\ir 01_a.sql\r\n"},
	    {"-- 02_b.sql\n\\i schema/02_b.sql", "-- 02_b.sql\n"},
	    {"\\ir 02_bb.sql\n\\echo 02_b.sql\n", "\\ir 02_bb.sql\n\\echo 02_b.sql\n"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct str after = master_without(str_of(rows[i].before), "02_b.sql", &arena);

		if (!str_is(after, rows[i].after))
			fail_msg("row %zu: %.*s", i, STR_ARGS(after));
	}
}
