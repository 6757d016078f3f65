#include "migration/tree.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "migration/checksum.h"
#include "project.h"
#include "test.h"

TEST(a_tree_pairs_files_by_number_and_name)
{
	scoped_project struct project project;
	project_open(&project);
	project_fill(&project, "schema/01_core.sql schema/10_late.sql schema/2_users_and_roles.sql "
	                       "rollback/rollback_01_core.sql rollback/rollback_02_users_and_roles.sql "
	                       "rollback/rollback_10_late.sql");
	const struct tree tree = project_load(&project);

	CHECK_INT(tree.count, 3);
	CHECK_STR(project_findings(&project, &tree), "");
	CHECK_STR(tree.migrations[0].name, "01_core");
	CHECK_STR(tree.migrations[1].name, "2_users_and_roles");
	CHECK_STR(tree.migrations[1].description, "users and roles");
	CHECK_INT(tree.migrations[1].width, 1);
	CHECK_STR(tree.migrations[1].shown_path, "schema/2_users_and_roles.sql");
	CHECK_STR(tree.migrations[1].shown_rollback_path, "rollback/rollback_02_users_and_roles.sql");
	CHECK(file_exists(tree.migrations[1].path) && file_exists(tree.migrations[1].rollback_path));
	CHECK(tree.migrations[1].has_rollback);
	CHECK_STR(tree.migrations[2].checksum, digest_hex(&project.arena, STR("select 1;\n")));
	CHECK_INT(tree.width, 2);
}

TEST(an_empty_project_is_a_tree)
{
	scoped_project struct project project;
	project_open(&project);
	const struct tree tree = project_load(&project);

	CHECK(tree.count == 0 && tree.finding_count == 0 && tree.width == 2 && !tree.master_path);
}

TEST(a_missing_rollback_directory_is_an_empty_one)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_fill(&project, "schema/01_a.sql");
	CHECK(directory_remove(project.options.rollback_dir, &err));
	const struct tree tree = project_load(&project);
	CHECK_STR(project_findings(&project, &tree), "missing-rollback schema/01_a.sql");
	CHECK_STR(tree.migrations[0].shown_rollback_path, "rollback/rollback_01_a.sql");
}

TEST(a_missing_schema_directory_is_an_error)
{
	scoped_project struct project project;
	struct tree tree;
	struct error err;

	project_open(&project);
	CHECK(directory_remove(project.options.schema_dir, &err));
	CHECK(!tree_load(&project.options, &project.arena, &tree, &err));
	CHECK(strstr(err.message, "could not read directory") && strstr(err.hint, "--schema-dir"));
}

TEST(both_halves_may_share_a_directory)
{
	scoped_project struct project project;
	project_open(&project);
	project_fill(&project, "schema/01_a.sql schema/rollback_01_a.sql schema/02_b.sql");
	project.options.rollback_dir = project.options.schema_dir;
	const struct tree tree = project_load(&project);

	CHECK_STR(project_findings(&project, &tree), "missing-rollback schema/02_b.sql");
	CHECK(tree.count == 2 && tree.migrations[0].has_rollback);
}

TEST(paths_are_shown_as_given_outside_the_project)
{
	scoped_project struct project project;
	project_open(&project);
	project_fill(&project, "schema/01_a.sql rollback/rollback_01_a.sql");
	project.options.display_root = "/nowhere";
	const struct tree tree = project_load(&project);

	CHECK_STR(tree.migrations[0].shown_path, tree.migrations[0].path);
}

TEST(what_is_wrong_with_files_is_found_in_one_go)
{
	static const struct {
		const char *files; /* each "select 1;" */
		const char *odd;   /* one more file, with this text */
		const char *text;
		const char *findings;
	} rows[] = {
	    {"schema/01_a.sql schema/1_b.sql rollback/rollback_01_a.sql", NULL, NULL,
	     "duplicate-number schema/1_b.sql"},
	    {"schema/01_a.sql rollback/rollback_01_a.sql rollback/rollback_1_a.sql", NULL, NULL,
	     "duplicate-number rollback/rollback_1_a.sql"},
	    {"rollback/rollback_02_b.sql", NULL, NULL, "orphan-rollback rollback/rollback_02_b.sql"},
	    {"schema/02_b.sql rollback/rollback_02_c.sql", NULL, NULL,
	     "name-mismatch rollback/rollback_02_c.sql"},
	    {"schema/02_b.sql", NULL, NULL, "missing-rollback schema/02_b.sql"},
	    {"", "schema/02_b.sql", "-- rung: irreversible: gone\nselect 1;", ""},
	    {"rollback/rollback_02_b.sql", "schema/02_b.sql", "-- rung: irreversible: gone\nselect 1;",
	     "needless-rollback rollback/rollback_02_b.sql"},
	    {"rollback/rollback_02_b.sql", "schema/02_b.sql", "select '\xE9t\xE9';", "not-text schema/02_b.sql"},
	    {"rollback/rollback_02_b.sql", "schema/02_b.sql", "-- rung: irreversable: gone\nselect 1;",
	     "bad-directive schema/02_b.sql"},
	    {"rollback/rollback_02_b.sql", "schema/02_b.sql", "-- rung: requires: 7\nselect 1;",
	     "bad-requires schema/02_b.sql"},
	    {"schema/6-cache.sql schema/README schema/02_b.sql~", NULL, NULL, "almost-named schema/6-cache.sql"},
	    {"rollback/02_b.sql", NULL, NULL, "almost-named rollback/02_b.sql"},
	    {"schema/rollback_02_b.sql", NULL, NULL, "almost-named schema/rollback_02_b.sql"},
	    {"schema/00_master_schema.sql rollback/rollback_00_all.sql", NULL, NULL, ""},
	    {"schema/1234567890123456789_x.sql", NULL, NULL, "long-number schema/1234567890123456789_x.sql"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_project struct project project;
		project_open(&project);
		project_fill(&project, rows[i].files);
		if (rows[i].odd)
			project_write(&project, rows[i].odd, rows[i].text);
		const struct tree tree = project_load(&project);

		if (strcmp(project_findings(&project, &tree), rows[i].findings) != 0)
			fail_msg("row %zu: %s", i, project_findings(&project, &tree));
		for (size_t j = 0; j < tree.finding_count; j++)
			CHECK_ROW(i, tree.findings[j].message[0] && tree.findings[j].hint[0]);
	}
}

TEST(nul_bytes_are_not_text)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_fill(&project, "rollback/rollback_01_a.sql");
	CHECK(file_write(path_join(&project.arena, project.options.schema_dir, "01_a.sql"),
	                 STR("select 1;\ns\0e\0l\0"), 0644, &err));
	const struct tree tree = project_load(&project);

	CHECK_STR(project_findings(&project, &tree), "not-text schema/01_a.sql");
	CHECK_STR(tree.findings[0].place, "schema/01_a.sql:2");
	CHECK(strstr(tree.findings[0].hint, "UTF-16") != NULL);
	CHECK_INT(tree.count, 0);
}

TEST(directories_and_pipes_are_no_files)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_fill(&project, "rollback/rollback_01_a.sql rollback/rollback_02_b.sql");
	CHECK(directory_create(path_join(&project.arena, project.options.schema_dir, "01_a.sql"), 0755, &err));
	CHECK(directory_create(path_join(&project.arena, project.options.schema_dir, "seed"), 0755, &err));
	CHECK(mkfifo(path_join(&project.arena, project.options.schema_dir, "02_b.sql"), 0644) == 0);
	CHECK(symlink("nowhere", path_join(&project.arena, project.options.schema_dir, "03_c.sql")) == 0);
	const struct tree tree = project_load(&project);

	CHECK_STR(project_findings(&project, &tree), "not-a-file schema/01_a.sql; not-a-file schema/02_b.sql; "
	                                             "unreadable schema/03_c.sql");
}

TEST(links_may_not_lead_out_of_the_project)
{
	scoped_project struct project project;
	const char *directories[] = {NULL, NULL};
	struct boundary boundary = {.directories = directories};

	project_open(&project);
	directories[0] = path_directory(&project.arena, project.options.schema_dir);
	project.options.boundary = &boundary;
	project_fill(&project, "schema/01_a.sql rollback/rollback_01_a.sql schema/inner");
	CHECK(symlink("inner", path_join(&project.arena, project.options.schema_dir, "02_b.sql")) == 0);
	CHECK(symlink("/etc/passwd", path_join(&project.arena, project.options.schema_dir, "03_c.sql")) == 0);
	CHECK(symlink("/etc/passwd",
	              path_join(&project.arena, project.options.rollback_dir, "rollback_02_b.sql")) == 0);
	const struct tree tree = project_load(&project);
	CHECK_STR(project_findings(&project, &tree),
	          "outside schema/03_c.sql; outside rollback/rollback_02_b.sql; "
	          "missing-rollback schema/02_b.sql");
	boundary.is_open = true;
	const struct tree open = project_load(&project);
	CHECK(!strstr(project_findings(&project, &open), "outside"));
}

TEST(large_files_are_mapped_and_give_the_same_checksum)
{
	scoped_project struct project project;
	const size_t size = 3 * 1024 * 1024;

	project_open(&project);
	char *text = arena_alloc(&project.arena, size + 1);
	memset(text, '-', size);
	for (size_t i = 80; i < size; i += 80)
		memcpy(text + i - 1, "\r\n", 2);
	project_write(&project, "schema/01_a.sql", text);
	const struct tree tree = project_load(&project);

	CHECK_STR(tree.migrations[0].checksum, checksum_of_text(&project.arena, (struct str){text, size}));
}

TEST(a_bad_directive_is_shown_where_it_stands)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_fill(&project, "rollback/rollback_01_a.sql");
	project_write(&project, "schema/01_a.sql", "-- first\n  -- rung: transacton: none\nselect 1;\n");
	const struct tree tree = project_load(&project);

	CHECK(!tree_check(&tree, &err));
	CHECK_STR(err.message, "unknown directive \"transacton\"");
	CHECK_STR(err.place, "schema/01_a.sql:2:3");
	CHECK_STR(err.excerpt, "  -- rung: transacton: none");
	CHECK_INT(err.caret, 3);
	CHECK_INT(tree.count, 1);
}

TEST(several_errors_become_one_that_lists_them)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_fill(&project, "schema/01_a.sql schema/01_b.sql rollback/rollback_05_x.sql schema/6-x.sql");
	const struct tree tree = project_load(&project);

	CHECK(!tree_check(&tree, &err));
	CHECK_INT(err.kind, ERROR_FILES);
	CHECK_STR(err.message, "cannot use the migrations as they are: 2 problems");
	CHECK(strstr(err.detail, "schema/01_b.sql: ") && strstr(err.detail, "rollback/rollback_05_x.sql: "));
	CHECK(!strstr(err.detail, "6-x"));
}

TEST(warnings_stop_nobody)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_fill(&project, "schema/01_a.sql schema/6-x.sql");
	const struct tree tree = project_load(&project);
	CHECK_INT(tree.finding_count, 2);
	CHECK(tree_check(&tree, &err));
}

TEST(a_migration_is_found_by_its_number)
{
	scoped_project struct project project = {0};

	project_open(&project);
	project_fill(&project, "schema/06_cache.sql schema/60_x.sql");
	const struct tree tree = project_load(&project);
	CHECK(tree_find_number(&tree, 60) == &tree.migrations[1]);
	CHECK(tree_find_number(&tree, 61) == NULL);
}

TEST(the_newest_file_shows_the_width)
{
	static const struct {
		const char *files;
		int width;
	} rows[] = {
	    {"schema/0001_a.sql", 4},
	    {"schema/1_a.sql schema/2_b.sql", 1},
	    {"schema/01_a.sql schema/20261121020005_b.sql", 14},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_project struct project project;
		project_open(&project);
		project_fill(&project, rows[i].files);
		CHECK_ROW(i, project_load(&project).width == rows[i].width);
	}
}
