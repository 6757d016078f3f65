/*
 * project.h - a project in a directory of its own, gone when the test ends
 */
#ifndef RUNG_TEST_PROJECT_H
#define RUNG_TEST_PROJECT_H

#include "migration/tree.h"

struct project {
	struct arena arena;
	char *root;
	struct tree_options options;
};

void project_open(struct project *project);
void project_close(struct project *project);
#define scoped_project SCOPED(project_close)

/* `path` is relative to the root: "schema/01_a.sql". */
void project_write(struct project *project, const char *path, const char *text);

/* Several files, each "select 1;", separated by blanks. */
void project_fill(struct project *project, const char *paths);

struct tree project_load(struct project *project);

/* The findings as "kind path; kind path", to compare in one go. */
const char *project_findings(struct project *project, const struct tree *tree);

#endif
