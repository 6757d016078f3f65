#include "base/boundary.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"

/* Links resolved as far as there is something. */
static const char *resolved(const char *path, struct arena *arena)
{
	scoped_malloced char *real = realpath(path, NULL);

	if (real)
		return arena_strdup(arena, real);
	if (errno != ENOENT)
		return path_normalize(arena, path);
	/* What does not exist yet lies where its directory does. */
	real = realpath(path_directory(arena, path), NULL);
	return real ? path_join(arena, real, path_name(path)) : path_normalize(arena, path);
}

static bool is_inside(const struct boundary *boundary, const char *path)
{
	scoped_arena struct arena arena = {0};
	const char *real = resolved(path, &arena);

	for (const char *const *directory = boundary->directories; *directory; directory++)
		if (path_is_inside(real, resolved(*directory, &arena)))
			return true;
	return false;
}

bool boundary_check(const struct boundary *boundary, const char *path, struct error *err)
{
	if (boundary->is_open || is_inside(boundary, path))
		return true;
	error_set(err, ERROR_FILES, "cannot use \"%s\": it lies outside of the project", path);
	return error_hint(err, "Copy it into the project, so that it travels with it; or allow such files with "
	                       "allow_outside = yes under [files] in rung.ini, or --allow-outside.");
}

bool boundary_check_link(const struct boundary *boundary, const char *path, struct error *err)
{
	struct stat info;

	return lstat(path, &info) < 0 || !S_ISLNK(info.st_mode) || boundary_check(boundary, path, err);
}
