#include "migration/rewrite.h"

#include <string.h>

#include "base/file.h"
#include "project.h"
#include "test.h"

static const char *path_to(struct project *project, const char *name)
{
	return path_join(&project->arena, project->root, name);
}

/* What a file says; NULL when there is none. */
static const char *said(struct project *project, const char *name)
{
	struct str text;
	struct error err;

	if (!file_read(path_to(project, name), 1000, ERROR_FILES, &project->arena, &text, &err))
		return NULL;
	return str_copy(&project->arena, text);
}

static size_t count_files(struct project *project)
{
	struct directory files;
	struct error err;

	CHECK(directory_read(path_to(project, "schema"), &project->arena, &files, &err));
	return files.count;
}

TEST(files_may_change_places)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_write(&project, "schema/a", "one");
	project_write(&project, "schema/b", "two");
	project_write(&project, "schema/c", "three");
	struct rewrite rewrite = {.arena = &project.arena};
	rewrite_move(&rewrite, path_to(&project, "schema/a"), path_to(&project, "schema/b"));
	rewrite_move_with(&rewrite, path_to(&project, "schema/b"), path_to(&project, "schema/a"), STR("TWO"));
	rewrite_move_with(&rewrite, path_to(&project, "schema/c"), path_to(&project, "schema/c"), STR("THREE"));
	rewrite_create(&rewrite, path_to(&project, "schema/new/d"), STR("four"));
	CHECK(rewrite_perform(&rewrite, &err));
	CHECK_STR(said(&project, "schema/a"), "TWO");
	CHECK_STR(said(&project, "schema/b"), "one");
	CHECK_STR(said(&project, "schema/c"), "THREE");
	CHECK_STR(said(&project, "schema/new/d"), "four");
	CHECK_INT(count_files(&project), 4);
}

TEST(a_rewrite_that_fails_is_taken_back)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_write(&project, "schema/a", "one");
	project_write(&project, "schema/b", "two");
	project_write(&project, "schema/taken", "precious");
	struct rewrite rewrite = {.arena = &project.arena};
	rewrite_create(&rewrite, path_to(&project, "schema/d"), STR("four"));
	rewrite_move(&rewrite, path_to(&project, "schema/a"), path_to(&project, "schema/c"));
	rewrite_move_with(&rewrite, path_to(&project, "schema/b"), path_to(&project, "schema/taken"), STR("TWO"));
	CHECK(!rewrite_perform(&rewrite, &err));
	CHECK(strstr(err.message, "taken"));
	CHECK_STR(said(&project, "schema/a"), "one");
	CHECK_STR(said(&project, "schema/b"), "two");
	CHECK_STR(said(&project, "schema/taken"), "precious");
	CHECK_INT(count_files(&project), 3);
}

TEST(a_missing_file_stops_a_rewrite_before_anything)
{
	scoped_project struct project project;
	struct error err;

	project_open(&project);
	project_write(&project, "schema/a", "one");
	struct rewrite rewrite = {.arena = &project.arena};
	rewrite_move(&rewrite, path_to(&project, "schema/a"), path_to(&project, "schema/b"));
	rewrite_move(&rewrite, path_to(&project, "schema/gone"), path_to(&project, "schema/c"));
	CHECK(!rewrite_perform(&rewrite, &err));
	CHECK_STR(said(&project, "schema/a"), "one");
	CHECK_INT(count_files(&project), 1);
}
