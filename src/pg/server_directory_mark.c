/*
 * "rung local destroy" removes a directory with a database in it, and a wrong --local-dir or a link must
 * not make that somebody's. So what may be removed is decided by a file in it, which is written when the
 * directory is made and is still empty, and by nothing else: not by its name, not by looking like a
 * cluster.
 *
 * Path or inode must agree, one of them. A directory that was moved keeps its inode, one that was restored
 * in its place keeps its path; a copy has neither, and its owner may still have the original. The entries
 * that are ours are listed, so that files which somebody else put there survive.
 *
 * Its form is lines of "name=value", to be read by people as well; path and directory may therefore hold no
 * line end.
 */
#include "pg/server_directory_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/scope.h"

#define FIRST_LINE "rung private server 1"

enum { LARGEST_MARK = 16 * 1024 };

const char *const server_directory_entries[] = {"data",          "data.new",           "log", "log.before",
                                                ".s.PGSQL.5432", ".s.PGSQL.5432.lock", NULL};

static char *mark_text(const char *path, const char *directory, ino_t inode, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_printf(&text, "%s\npath=%s\ndirectory=%s\ninode=%" PRIuMAX "\n", FIRST_LINE, path, directory,
	              (uintmax_t)inode);
	for (const char *const *entry = server_directory_entries; *entry; entry++)
		buffer_printf(&text, "entry=%s\n", *entry);
	return buffer_cstr(&text);
}

bool server_directory_is_empty(const char *path)
{
	scoped_arena struct arena arena = {0};
	struct directory found;
	struct error ignored;

	return directory_read(path, &arena, &found, &ignored) && found.count == 0;
}

bool server_directory_mark_write(const char *path, const char *directory, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_fd int server_directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat info;

	if (server_directory < 0 || fstat(server_directory, &info) < 0)
		return error_set(err, ERROR_STORAGE, "could not open \"%s\": %m", path);
	if (!server_directory_is_empty(path))
		return true; /* only its mark can say whose it is */
	if (strchr(path, '\n') || strchr(directory, '\n'))
		return error_set(err, ERROR_CONFIG,
		                 "cannot keep a server in a directory whose name has line ends in it");
	const char *text = mark_text(path, directory, info.st_ino, &arena);
	scoped_fd int fd =
	    openat(server_directory, HOME_MARK, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return error_set(err, ERROR_STORAGE, "could not write \"%s/%s\": %m", path, HOME_MARK);
	return true;
}

/* --- proving ------------------------------------------------------------- */

static bool is_unmarked(const char *path, const char *why, struct error *err)
{
	error_set(err, ERROR_CONFIG, "\"%s\" was not made by \"rung local\": %s", path, why);
	return error_hint(err, "It may be somebody's server, so it is left alone. Name another directory with "
	                       "--local-dir, or remove it by hand if it is yours.");
}

static bool read_mark(int server_directory, const char *path, struct arena *arena, struct str *out,
                      struct error *err)
{
	scoped_fd int fd = openat(server_directory, HOME_MARK, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
		return is_unmarked(path, "it contains no file " HOME_MARK, err);
	return file_read_open(fd, path, LARGEST_MARK, ERROR_CONFIG, arena, out, err);
}

/* What a "name=value" line of the mark says; NULL when none does. */
static const char *value_of(struct str mark, const char *name, struct arena *arena)
{
	const size_t len = strlen(name);
	struct str line;

	while (str_line_next(&mark, &line))
		if (str_starts(line, name) && line.len > len && line.text[len] == '=')
			return str_copy(arena, str_slice(line, len + 1, line.len));
	return NULL;
}

static bool check_mark(struct str mark, const char *path, const char *directory, const struct stat *info,
                       struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *made_at = value_of(mark, "path", &arena);
	const char *inode = value_of(mark, "inode", &arena);
	const char *made_for = value_of(mark, "directory", &arena);
	const char *number = arena_printf(&arena, "%" PRIuMAX, (uintmax_t)info->st_ino);

	if (!str_starts(mark, FIRST_LINE "\n") || !made_at || !inode || !made_for)
		return is_unmarked(path, "its file " HOME_MARK " cannot be understood", err);
	if (strcmp(made_at, path) != 0 && strcmp(inode, number) != 0)
		return is_unmarked(path, arena_printf(&arena, "it is a copy of the one in \"%s\"", made_at), err);
	if (directory && strcmp(made_for, directory) != 0)
		return is_unmarked(path, arena_printf(&arena, "it is that of \"%s\"", made_for), err);
	return true;
}

/* What is where the data should be and is a link would be somebody else's data. */
static bool check_entries(int server_directory, const char *path, struct error *err)
{
	for (const char *const *entry = server_directory_entries; *entry; entry++) {
		struct stat info;

		if (fstatat(server_directory, *entry, &info, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISLNK(info.st_mode))
			continue;
		error_set(err, ERROR_CONFIG, "\"%s/%s\" is a link that \"rung local\" did not make", path, *entry);
		return error_hint(err, "Links are not followed: it may lead to somebody's server. Remove the link.");
	}
	return true;
}

bool server_directory_mark_open(const char *path, const char *directory, int *fd, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_fd int server_directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat info;
	struct str mark;

	if (server_directory < 0 || fstat(server_directory, &info) < 0)
		return error_set(err, ERROR_STORAGE, "could not open \"%s\": %m", path);
	if (!read_mark(server_directory, path, &arena, &mark, err) ||
	    !check_mark(mark, path, directory, &info, err) || !check_entries(server_directory, path, err))
		return false;
	*fd = server_directory;
	server_directory = -1;
	return true;
}
