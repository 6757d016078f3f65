#include "project.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/file.h"
#include "test.h"

void project_open(struct project *project)
{
	struct error err;

	*project = (struct project){0};
	project->root = arena_strdup(&project->arena, "/tmp/rung-unit-XXXXXX");
	CHECK(mkdtemp(project->root) != NULL);
	project->options = (struct tree_options){
	    .schema_dir = path_join(&project->arena, project->root, "schema"),
	    .rollback_dir = path_join(&project->arena, project->root, "rollback"),
	    .display_root = project->root,
	};
	CHECK(directory_create(project->options.schema_dir, 0755, &err));
	CHECK(directory_create(project->options.rollback_dir, 0755, &err));
}

void project_close(struct project *project)
{
	struct error err;

	if (project->root && !directory_remove(project->root, &err))
		fail_msg("%s", err.message);
	arena_clear(&project->arena);
}

void project_write(struct project *project, const char *path, const char *text)
{
	struct error err;

	if (!file_write(path_join(&project->arena, project->root, path), str_of(text), 0644, &err))
		fail_msg("%s", err.message);
}

void project_fill(struct project *project, const char *paths)
{
	struct str rest = str_of(paths);
	struct str path;

	while (str_split_next(&rest, ' ', &path))
		if (path.len > 0)
			project_write(project, str_copy(&project->arena, path), "select 1;\n");
}

struct tree project_load(struct project *project)
{
	struct tree tree = {0};
	struct error err;

	if (!tree_load(&project->options, &project->arena, &tree, &err))
		fail_msg("%s", err.message);
	return tree;
}

const char *project_findings(struct project *project, const struct tree *tree)
{
	struct buffer text = {.arena = &project->arena};

	for (size_t i = 0; i < tree->finding_count; i++)
		buffer_printf(&text, "%s%s %s", i ? "; " : "", finding_name(tree->findings[i].kind),
		              tree->findings[i].path);
	return buffer_cstr(&text);
}
