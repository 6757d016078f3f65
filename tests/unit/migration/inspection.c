#include "migration/inspection.h"

#include <string.h>

#include "base/file.h"
#include "project.h"
#include "test.h"

TEST(inspection_finds_what_cannot_run)
{
	static const struct {
		const char *up;
		const char *down;
		const char *findings;
		const char *message; /* a part of the first one's */
		const char *place;
	} rows[] = {
	    {"select 1;", "select 1;", "", "", ""},
	    {"create table t (a text default 'x);", "select 1;", "bad-sql schema/01_a.sql", "",
	     "schema/01_a.sql:1:32"},
	    {"select 1;", "\n select 'x", "bad-sql rollback/rollback_01_a.sql", "",
	     "rollback/rollback_01_a.sql:2:9"},
	    {"\\connect other\n", "select 1;", "bad-sql schema/01_a.sql", "\\connect", "schema/01_a.sql:1:1"},
	    {"-- nothing\n", "select 1;", "empty schema/01_a.sql", "contains no statement", ""},
	    {"\\echo hi\n", "", "empty schema/01_a.sql; empty rollback/rollback_01_a.sql",
	     "contains no statement", ""},
	    {"-- rung: empty: withdrawn\n", "-- rung: empty: nothing to undo\n", "", "", ""},
	    {"-- rung: empty: withdrawn\n\\echo hi\n", "select 1;", "", "", ""},
	    {"-- rung: empty: withdrawn\n-- nothing\n", "-- nothing\n", "empty rollback/rollback_01_a.sql",
	     "contains no statement", ""},
	    {"-- rung: empty: withdrawn\n\nselect 1;", "select 1;", "bad-directive schema/01_a.sql",
	     "says that it is empty", "schema/01_a.sql:3:1"},
	    {"select 1;", "-- rung: empty: withdrawn\nselect 1;", "bad-directive rollback/rollback_01_a.sql",
	     "says that it is empty", "rollback/rollback_01_a.sql:2:1"},
	    {"-- rung: empty:\n", "select 1;", "bad-directive schema/01_a.sql", "the reason is missing",
	     "schema/01_a.sql:1:1"},
	    {"select 1;\n-- rung: empty: x\nselect 2;", "select 1;", "bad-directive schema/01_a.sql",
	     "belongs at the top", "schema/01_a.sql:2:"},
	    {"select 1;\nvacuum t;", "select 1;", "bad-sql schema/01_a.sql", "cannot run VACUUM",
	     "schema/01_a.sql:2:1"},
	    {"vacuum t;", "drop table t;\nvacuum u;", "bad-sql rollback/rollback_01_a.sql", "cannot run VACUUM",
	     "rollback/rollback_01_a.sql:2:1"},
	    {"select 1;", "-- rung: transaction: none\ndrop table t;\nvacuum u;", "", "", ""},
	    {"select 1;", "-- rung: transacton: none\ndrop table t;", "bad-directive rollback/rollback_01_a.sql",
	     "unknown directive", "rollback/rollback_01_a.sql:1:1"},
	    {"select 1;\ncommit;", "select 1;", "bad-sql schema/01_a.sql", "cannot run commit",
	     "schema/01_a.sql:2:1"},
	    {"select 1;\n-- rung: transaction: none\nvacuum t;", "select 1;", "bad-directive schema/01_a.sql",
	     "belongs at the top", "schema/01_a.sql:2:"},
	    {"select 1;\n-- rung: alow: x\nselect 2;", "select 1;", "bad-directive schema/01_a.sql",
	     "unknown directive \"alow\"", "schema/01_a.sql:2:"},
	    {"select 1;\n-- rung: allow: x y\nselect 2;", "select 1;", "", "", ""},
	    {"\\echo hi\n-- rung: transaction: none\nselect 1; vacuum t;", "select 1;", "", "", ""},
	    {"select 1;", "select '\xE9';", "bad-sql rollback/rollback_01_a.sql", "not valid UTF-8",
	     "rollback_01_a.sql:1:"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_project struct project project;
		project_open(&project);
		project_write(&project, "schema/01_a.sql", rows[i].up);
		project_write(&project, "rollback/rollback_01_a.sql", rows[i].down);
		const struct script_options options = {.root = project.root, .display_root = project.root};
		struct tree tree = project_load(&project);

		tree_inspect(&tree, &options, &project.arena);
		if (strcmp(project_findings(&project, &tree), rows[i].findings) != 0)
			fail_msg("row %zu: %s", i, project_findings(&project, &tree));
		if (tree.finding_count && (!strstr(tree.findings[0].message, rows[i].message) ||
		                           !strstr(tree.findings[0].place, rows[i].place)))
			fail_msg("row %zu: %s at %s", i, tree.findings[0].message, tree.findings[0].place);
	}
}

TEST(included_files_keep_their_heads_to_themselves)
{
	scoped_project struct project project;
	project_open(&project);
	project_write(&project, "schema/01_a.sql", "select 1;\n\\ir part.sql\n");
	project_write(&project, "schema/part.sql", "-- rung: on-change: reapply\nselect 2;\n");
	project_fill(&project, "rollback/rollback_01_a.sql");
	const struct script_options options = {.root = project.root, .display_root = project.root};
	struct tree tree = project_load(&project);

	tree_inspect(&tree, &options, &project.arena);
	CHECK_STR(project_findings(&project, &tree), "");
}

TEST(inspection_includes_the_orchestrator)
{
	scoped_project struct project project;
	project_open(&project);
	project_fill(&project, "schema/00_master_schema.sql schema/01_a.sql rollback/rollback_01_a.sql");
	const struct script_options options = {.root = project.root, .display_root = project.root};
	struct tree tree = project_load(&project);

	tree_inspect(&tree, &options, &project.arena);
	CHECK_STR(project_findings(&project, &tree), "master-outdated schema/00_master_schema.sql");
}
