/*
 * The files of a project lie in a handful of directories, and the same file is asked for several times; to
 * resolve a path whole is a system call for each of its parts. So where a directory leads is remembered as
 * long as its name leads to the same one, and of a file in it only whether it is a link is asked.
 *
 * Where files are to be read (boundary_find), the directory stays open as well. Whatever becomes of its name,
 * what is opened in it lies where it was resolved to.
 */
#include "base/boundary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

struct known_directory {
	char *path; /* as it was asked for; NULL for none */
	char *real;
	dev_t device;
	ino_t inode;
	bool is_open;
	int fd; /* where it is */
};

/* Each may hold a descriptor; few projects have more directories. One list a thread needs no lock. */
enum { MOST_KNOWN = 16 };

static _Thread_local struct known_directory known[MOST_KNOWN];
static _Thread_local size_t oldest;

static bool is_same(const struct known_directory *directory, const struct stat *info)
{
	return directory->device == info->st_dev && directory->inode == info->st_ino;
}

static struct known_directory *find_known(struct str path)
{
	for (size_t i = 0; i < MOST_KNOWN; i++)
		if (known[i].path && str_is(path, known[i].path))
			return &known[i];
	return NULL;
}

static void forget(struct known_directory *directory)
{
	if (directory->is_open)
		close(directory->fd);
	free(directory->path);
	free(directory->real);
	*directory = (struct known_directory){0};
}

/* Takes the place of the oldest one. */
static struct known_directory *learn(const char *path, const struct stat *info)
{
	struct known_directory *place = &known[oldest];
	struct known_directory learnt = {
	    .real = realpath(path, NULL), .device = info->st_dev, .inode = info->st_ino};

	if (!learnt.real)
		return NULL;
	learnt.path = strdup(path);
	if (!learnt.path)
		die_out_of_memory();
	forget(place);
	*place = learnt;
	oldest = (oldest + 1) % MOST_KNOWN;
	return place;
}

/* NULL, with errno, where there is none. What is returned stays until MOST_KNOWN others were asked for. */
static struct known_directory *know_directory(const char *path)
{
	struct known_directory *directory = find_known(str_of(path));
	struct stat info;

	if (stat(path, &info) < 0)
		return NULL;
	if (directory && is_same(directory, &info))
		return directory;
	if (directory)
		forget(directory);
	return learn(path, &info);
}

static const char *resolve_directory(const char *path)
{
	const struct known_directory *directory = know_directory(path);

	return directory ? directory->real : NULL;
}

/* Open, and the same that its name was resolved to. */
static bool open_known(struct known_directory *directory)
{
	scoped_fd int fd = open(directory->real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0 || !is_same(directory, &info))
		return false;
	directory->fd = fd;
	directory->is_open = true;
	fd = -1;
	return true;
}

/* The one that is held, without asking where its name leads by now. NULL where none can be had. */
static struct known_directory *hold_directory(struct str path)
{
	struct known_directory *directory = find_known(path);
	scoped_arena struct arena arena = {0};

	if (directory && directory->is_open)
		return directory;
	directory = know_directory(str_copy(&arena, path));
	return directory && (directory->is_open || open_known(directory)) ? directory : NULL;
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
	const struct known_directory *directory = hold_directory(str_of(path));

	return directory ? directory->real : resolved(path, arena);
}

static bool is_inside(const struct boundary *boundary, const char *real)
{
	scoped_arena struct arena arena = {0};

	for (const char *const *directory = boundary->directories; *directory; directory++)
		if (path_is_inside(real, resolved_directory(*directory, &arena)))
			return true;
	return false;
}

static bool outside_error(const char *path, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot use \"%s\": it is outside the project", path);
	return error_hint(err, "Copy it into the project, or allow such files with allow_outside = yes under "
	                       "[files] in rung.ini, or --allow-outside.");
}

static bool check(const struct boundary *boundary, const char *path, const char *real,
                  const struct found_file *file, struct error *err)
{
	if (!boundary->is_open && !is_inside(boundary, real))
		return outside_error(path, err);
	return !boundary->vouch || boundary->vouch(boundary->voucher, path, file, err);
}

bool boundary_check(const struct boundary *boundary, const char *path, struct error *err)
{
	scoped_arena struct arena arena = {0};

	return boundary->is_open || check(boundary, path, resolved(path, &arena), NULL, err);
}

bool boundary_check_link(const struct boundary *boundary, const char *path, struct error *err)
{
	struct stat info;

	return lstat(path, &info) < 0 || !S_ISLNK(info.st_mode) || boundary_check(boundary, path, err);
}

/* --- files that are to be read --------------------------------------------- */

static struct str directory_of(const char *path)
{
	const char *name = path_name(path);

	if (name == path)
		return STR(".");
	return (struct str){path, (size_t)(name - path) - (name > path + 1)};
}

/* False for what is no plain file, is not there, or lies in a directory that was taken away meanwhile. */
static bool open_plain(const char *path, struct arena *arena, struct found_file *out)
{
	struct known_directory *directory = is_entry(path_name(path)) ? hold_directory(directory_of(path)) : NULL;
	/* O_NONBLOCK: opening a pipe nobody writes to must not wait for ever. */
	scoped_fd int fd =
	    directory ? openat(directory->fd, path_name(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
	              : -1;

	if (directory && fd < 0 && errno == ENOENT)
		forget(directory);
	if (fd < 0 || fstat(fd, &out->info) < 0 || !S_ISREG(out->info.st_mode))
		return false;
	out->real = path_join(arena, directory->real, path_name(path));
	out->fd = fd;
	fd = -1;
	return true;
}

static bool find_by_name(const struct boundary *boundary, const char *path, struct arena *arena,
                         struct found_file *out, struct error *err)
{
	out->fd = -1;
	out->real = path_resolve(arena, path);
	return !out->real || check(boundary, path, out->real, NULL, err);
}

bool boundary_find(const struct boundary *boundary, const char *path, struct arena *arena,
                   struct found_file *out, struct error *err)
{
	scoped_found_file struct found_file file = {.fd = -1};

	if (open_plain(path, arena, &file) ? !check(boundary, path, file.real, &file, err)
	                                   : !find_by_name(boundary, path, arena, &file, err))
		return false;
	*out = file;
	file.fd = -1;
	return true;
}

void found_file_close(struct found_file *file)
{
	fd_clear(&file->fd);
}
