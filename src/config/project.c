#include "config/project.h"

#include <sys/stat.h>

#include "base/file.h"

enum { LARGEST_FILE = 1024 * 1024 };

/* A directory that holds none of these is no project, whoever owns it. */
static bool holds_anything(const char *directory, struct arena *arena)
{
	static const char *const names[] = {"rung.ini", ".env", "schema", "rollback", ".rung"};
	struct stat info;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (lstat(path_join(arena, directory, names[i]), &info) == 0)
			return true;
	return false;
}

static bool read_files(struct project_files *files, struct arena *arena, struct error *err)
{
	return trust_open(files->directory, arena, &files->trust, err) &&
	       trust_read(&files->trust, "rung.ini", LARGEST_FILE, arena, &files->ini, &files->has_ini, err) &&
	       trust_read(&files->trust, ".env", LARGEST_FILE, arena, &files->env, &files->has_env, err);
}

bool project_files_read(const char *working_dir, struct arena *arena, struct project_files *out,
                        struct error *err)
{
	const char *ini = path_find_upward(arena, working_dir, "rung.ini");
	scoped_project_files struct project_files files = {
	    .directory = ini ? path_directory(arena, ini) : working_dir, .trust = {.fd = -1}};

	files.is_empty = !holds_anything(files.directory, arena);
	if (!files.is_empty && !read_files(&files, arena, err))
		return false;
	*out = files;
	files.trust.fd = -1;
	return true;
}

void project_files_clear(struct project_files *files)
{
	trust_close(&files->trust);
}
