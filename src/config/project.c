/*
 * Everything is read through the directory's descriptor that trust.h looked at, never again by its path: a
 * path may lead elsewhere a moment later, and the settings would come from a directory that nobody had
 * agreed to.
 *
 * A directory without anything of ours is no project, and nobody is asked to trust /tmp because he happens
 * to stand in it.
 */
#include "config/project.h"

#include <sys/stat.h>

#include "base/file.h"
#include "config/voucher.h"

enum { LARGEST_FILE = 1024 * 1024 };

/* A directory that holds none of these is no project, no matter who owns it. */
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

/*
 * A directory that is named by a path out of the project is meant; one that
 * is named as if it lay inside and is a link to elsewhere need not be.
 */
const struct boundary *settings_boundary(const struct settings *settings, struct arena *arena)
{
	static const enum setting named[] = {SETTING_SCHEMA_DIR, SETTING_ROLLBACK_DIR, SETTING_SEED_DIR,
	                                     SETTING_DESIRED};
	struct boundary *boundary = arena_new(arena, struct boundary);
	const char *root = path_normalize(arena, settings->project_dir ? settings->project_dir : ".");
	const char **directories = NULL;
	size_t count = 0;

	*ARENA_PUSH(arena, directories, count) = root;
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		const char *path = setting_text(settings, named[i]);

		if (path && !path_is_inside(path_normalize(arena, path), root))
			*ARENA_PUSH(arena, directories, count) = path;
	}
	*ARENA_PUSH(arena, directories, count) = NULL;
	*boundary = (struct boundary){.directories = directories,
	                              .is_open = setting_is_on(settings, SETTING_ALLOW_OUTSIDE)};
	voucher_attach(settings, arena, boundary);
	return boundary;
}
