/*
 * The files of a project lie in a handful of directories, and the same file is asked for several times; to
 * resolve a path whole is a system call for each of its parts. So where a directory leads is remembered as
 * long as its name leads to the same one, and of a file in it only whether it is a link is asked.
 */
#include "base/boundary.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"

struct known_directory {
	char path[PATH_MAX]; /* as it was asked for; empty for none */
	char real[PATH_MAX];
	dev_t device;
	ino_t inode;
};

enum { MOST_KNOWN = 8 };

static bool is_same(const struct known_directory *known, const char *path, const struct stat *info)
{
	return known->device == info->st_dev && known->inode == info->st_ino && strcmp(known->path, path) == 0;
}

/* NULL, with errno, where there is none. What is returned stays until MOST_KNOWN others were asked for. */
static const char *resolve_directory(const char *path)
{
	static _Thread_local struct known_directory known[MOST_KNOWN];
	static _Thread_local size_t oldest;
	struct stat info;

	if (stat(path, &info) < 0)
		return NULL;
	for (size_t i = 0; i < MOST_KNOWN; i++)
		if (is_same(&known[i], path, &info))
			return known[i].real;
	struct known_directory *place = &known[oldest];
	if (strlen(path) >= sizeof(place->path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	place->path[0] = '\0';
	if (!realpath(path, place->real))
		return NULL;
	oldest = (oldest + 1) % MOST_KNOWN;
	place->device = info.st_dev;
	place->inode = info.st_ino;
	strcpy(place->path, path);
	return place->real;
}

/* "/", "." and ".." name no entry of the directory in front of them. */
static bool is_entry(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static char *resolve_whole(struct arena *arena, const char *path)
{
	scoped_malloced char *real = realpath(path, NULL);

	return real ? arena_strdup(arena, real) : NULL;
}

char *path_resolve(struct arena *arena, const char *path)
{
	struct stat info;

	if (!is_entry(path_name(path)))
		return resolve_whole(arena, path);
	if (lstat(path, &info) < 0)
		return NULL;
	if (S_ISLNK(info.st_mode))
		return resolve_whole(arena, path);
	const char *directory = resolve_directory(path_directory(arena, path));
	return directory ? path_join(arena, directory, path_name(path)) : NULL;
}

/* Links resolved as far as there is something. */
static const char *resolved(const char *path, struct arena *arena)
{
	const char *real = path_resolve(arena, path);

	if (real)
		return real;
	if (errno != ENOENT)
		return path_normalize(arena, path);
	/* What does not exist yet lies where its directory does. */
	real = resolve_directory(path_directory(arena, path));
	return real ? path_join(arena, real, path_name(path)) : path_normalize(arena, path);
}

static const char *resolved_directory(const char *path, struct arena *arena)
{
	const char *real = resolve_directory(path);

	return real ? arena_strdup(arena, real) : resolved(path, arena);
}

static bool is_inside(const struct boundary *boundary, const char *real)
{
	scoped_arena struct arena arena = {0};

	for (const char *const *directory = boundary->directories; *directory; directory++)
		if (path_is_inside(real, resolved_directory(*directory, &arena)))
			return true;
	return false;
}

bool boundary_check_resolved(const struct boundary *boundary, const char *path, const char *real,
                             struct error *err)
{
	if (boundary->is_open || is_inside(boundary, real))
		return !boundary->vouch || boundary->vouch(boundary->voucher, path, err);
	error_set(err, ERROR_FILES, "cannot use \"%s\": it lies outside of the project", path);
	return error_hint(err, "Copy it into the project, so that it travels with it; or allow such files with "
	                       "allow_outside = yes under [files] in rung.ini, or --allow-outside.");
}

bool boundary_check(const struct boundary *boundary, const char *path, struct error *err)
{
	scoped_arena struct arena arena = {0};

	return boundary->is_open || boundary_check_resolved(boundary, path, resolved(path, &arena), err);
}

bool boundary_check_link(const struct boundary *boundary, const char *path, struct error *err)
{
	struct stat info;

	return lstat(path, &info) < 0 || !S_ISLNK(info.st_mode) || boundary_check(boundary, path, err);
}
