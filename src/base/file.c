/*
 * Whether what is read is a file is asked of the open descriptor, never of the name before it is opened:
 * between the two it may become another one. Small files are read, large ones are mapped, and mapping.c
 * catches the fault where a mapped one is cut short meanwhile. The size of fstat() bounds both, so a file
 * that grows is read as it was.
 *
 * A file is written under another name in the same directory, synced and put in place by rename(), or by
 * link() where nothing may be overwritten: rename() replaces what is there without a word, and asking
 * before would leave a moment between. Then the directory is synced, as only that keeps the name through a
 * crash. The name in between has the process's number, so that two runs do not write into one.
 *
 * directory_remove() goes by lstat() and unlink() and so leaves alone what a link leads to; it is for
 * directories that are ours.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mapping.h"
#include "base/unconst.h"

/* From here on a file is mapped, not read: a page fault costs less than holding it. */
enum { MAP_FROM_SIZE = 1024 * 1024 };

static bool open_regular(const char *path, enum error_kind kind, int *fd, size_t *size, struct error *err)
{
	struct stat info;

	/* O_NONBLOCK: opening a pipe nobody writes to must not wait for ever. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &info) < 0)
		return error_set(err, kind, "could not read \"%s\": %m", path);
	if (S_ISDIR(info.st_mode))
		return error_set(err, kind, "cannot read \"%s\": it is a directory", path);
	if (!S_ISREG(info.st_mode))
		return error_set(err, kind, "cannot read \"%s\": it is not a regular file", path);
	*size = (size_t)info.st_size;
	return true;
}

static bool read_all(int fd, const char *path, enum error_kind kind, char *into, size_t *len,
                     struct error *err)
{
	size_t filled = 0;

	while (filled < *len) {
		const ssize_t got = read(fd, into + filled, *len - filled);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, kind, "could not read \"%s\": %m", path);
		if (got == 0)
			break;
		filled += (size_t)got;
	}
	*len = filled;
	return true;
}

/* Shorter than `len` when the file was cut meanwhile; the text ends in a zero either way. */
static bool read_sized(int fd, size_t len, const char *path, size_t max_size, enum error_kind kind,
                       struct arena *arena, struct str *out, struct error *err)
{
	if (len > max_size)
		return error_set(err, kind, "cannot read \"%s\": larger than %zu bytes", path, max_size);

	char *text = arena_alloc(arena, len + 1);
	if (!read_all(fd, path, kind, text, &len, err))
		return false;
	*out = (struct str){text, len};
	return true;
}

bool file_read(const char *path, size_t max_size, enum error_kind kind, struct arena *arena, struct str *out,
               struct error *err)
{
	scoped_fd int fd = -1;
	size_t len = 0;

	return open_regular(path, kind, &fd, &len, err) &&
	       read_sized(fd, len, path, max_size, kind, arena, out, err);
}

bool file_read_open(int fd, const char *path, size_t max_size, enum error_kind kind, struct arena *arena,
                    struct str *out, struct error *err)
{
	struct stat info;

	if (fstat(fd, &info) < 0)
		return error_set(err, kind, "could not read \"%s\": %m", path);
	return read_sized(fd, (size_t)info.st_size, path, max_size, kind, arena, out, err);
}

bool file_text_open(const char *path, enum error_kind kind, struct arena *arena, struct file_text *out,
                    struct error *err)
{
	scoped_fd int fd = -1;
	size_t size = 0;

	return open_regular(path, kind, &fd, &size, err) && file_text_read(fd, size, path, kind, arena, out, err);
}

bool file_text_read(int fd, size_t size, const char *path, enum error_kind kind, struct arena *arena,
                    struct file_text *out, struct error *err)
{
	if (size < MAP_FROM_SIZE) {
		*out = (struct file_text){0};
		return read_sized(fd, size, path, MAP_FROM_SIZE, kind, arena, &out->text, err);
	}

	void *memory = mapping_open(fd, size);
	*out = (struct file_text){{memory, size}, size};
	if (memory)
		return true;
	out->mapped_size = 0;
	return read_sized(fd, size, path, SIZE_MAX, kind, arena, &out->text, err);
}

bool file_text_check(struct str copy, const char *path, enum error_kind kind, struct error *err)
{
	if (!copy.len || !memchr(copy.text, '\0', copy.len))
		return true;
	error_set(err, kind, "\"%s\" became shorter while it was read", path);
	return error_hint(err, "Run the same command again once the file is complete.");
}

bool file_text_is_whole(const struct file_text *file)
{
	return !file->mapped_size || mapping_is_whole(file->text.text);
}

void file_text_close(struct file_text *file)
{
	if (file->mapped_size)
		mapping_close(unconst(file->text.text), file->mapped_size);
	*file = (struct file_text){0};
}

void file_text_release(const struct file_text *file, size_t position)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (file->mapped_size && position >= page)
		madvise(unconst(file->text.text), position / page * page, MADV_DONTNEED);
}

bool file_write_all(int fd, struct str text)
{
	while (text.len > 0) {
		const ssize_t put = write(fd, text.text, text.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text = str_slice(text, (size_t)put, text.len);
	}
	return true;
}

/* Its failure is not an error: some file systems cannot sync a directory, and the text itself is there. */
static void sync_directory_of(const char *path)
{
	scoped_arena struct arena arena = {0};
	scoped_fd int fd = open(path_directory(&arena, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		fsync(fd);
}

static bool write_beside(const char *path, const char *temporary, struct str text, mode_t mode,
                         struct error *err)
{
	scoped_fd int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", temporary);
	if (!file_write_all(fd, text) || fsync(fd) < 0) {
		error_set(err, ERROR_STORAGE, "could not write \"%s\": %m", path);
		unlink(temporary);
		return false;
	}
	return true;
}

/*
 * rename() leaves nothing under the other name, and link() leaves it there: unlink() serves both, and
 * failures.
 */
static bool write_and_place(const char *path, struct str text, mode_t mode,
                            int (*place)(const char *temporary, const char *path), struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *temporary =
	    arena_printf(&arena, "%s/.%s.%ld", path_directory(&arena, path), path_name(path), (long)getpid());

	if (!write_beside(path, temporary, text, mode, err))
		return false;
	const bool placed = place(temporary, path) == 0;
	if (!placed)
		error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", path);
	unlink(temporary);
	sync_directory_of(path);
	return placed;
}

bool file_write(const char *path, struct str text, mode_t mode, struct error *err)
{
	return write_and_place(path, text, mode, rename, err);
}

bool file_write_new(const char *path, struct str text, mode_t mode, struct error *err)
{
	return write_and_place(path, text, mode, link, err);
}

bool file_exists(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool directory_exists(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool directory_create(const char *path, mode_t mode, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (directory_exists(path))
		return true;
	const char *parent = path_directory(&arena, path);
	if (strcmp(parent, path) != 0 && !directory_create(parent, mode, err))
		return false;
	if (mkdir(path, mode) == 0)
		return true;
	const int why = errno;
	if (why == EEXIST && directory_exists(path)) /* somebody else was first */
		return true;
	errno = why;
	return error_set(err, ERROR_STORAGE, "could not create directory \"%s\": %m", path);
}

bool directory_remove(const char *path, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct directory directory = {0};
	struct stat info;

	if (lstat(path, &info) < 0 && errno == ENOENT)
		return true;
	if (!directory_read(path, &arena, &directory, err))
		return false;
	for (size_t i = 0; i < directory.count; i++) {
		const char *entry = path_join(&arena, path, directory.names[i]);

		if (lstat(entry, &info) == 0 && S_ISDIR(info.st_mode)) {
			if (!directory_remove(entry, err))
				return false;
		} else if (unlink(entry) < 0 && errno != ENOENT) {
			return error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", entry);
		}
	}
	if (rmdir(path) < 0)
		return error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", path);
	return true;
}

static void stream_directory_clear(DIR **stream)
{
	if (*stream)
		closedir(*stream);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool directory_read(const char *path, struct arena *arena, struct directory *out, struct error *err)
{
	SCOPED(stream_directory_clear) DIR *stream = opendir(path);
	struct directory found = {0};

	if (!stream)
		return error_set(err, ERROR_FILES, "could not read directory \"%s\": %m", path);
	for (struct dirent *entry; errno = 0, (entry = readdir(stream));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		*ARENA_PUSH(arena, found.names, found.count) = arena_strdup(arena, entry->d_name);
		found.may_hold_links |= entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
	}
	if (errno)
		return error_set(err, ERROR_FILES, "could not read directory \"%s\": %m", path);
	if (found.count)
		qsort(found.names, found.count, sizeof(*found.names), compare_names);
	*out = found;
	return true;
}

char *path_join(struct arena *arena, const char *directory, const char *name)
{
	if (name[0] == '/' || directory[0] == '\0' || strcmp(directory, ".") == 0)
		return arena_strdup(arena, name);
	const size_t len = strlen(directory);
	const size_t rest = strlen(name) + 1;
	char *path = arena_alloc(arena, len + 1 + rest);
	char *end = mempcpy(path, directory, len);

	if (directory[len - 1] != '/')
		*end++ = '/';
	memcpy(end, name, rest);
	return path;
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_directory(struct arena *arena, const char *path)
{
	const char *name = path_name(path);

	if (name == path)
		return arena_strdup(arena, ".");
	if (name == path + 1)
		return arena_strdup(arena, "/");
	return arena_strndup(arena, path, (size_t)(name - path - 1));
}

static char working_directory[PATH_MAX]; /* empty until somebody asks */

bool directory_enter(const char *path)
{
	working_directory[0] = '\0';
	return chdir(path) == 0;
}

/* A directory that was removed under us has no name: below "/" a relative path will not be found. */
static const char *working(void)
{
	if (!working_directory[0] && !getcwd(working_directory, sizeof(working_directory)))
		return "/";
	return working_directory;
}

char *path_working_directory(struct arena *arena)
{
	return arena_strdup(arena, working());
}

char *path_normalize(struct arena *arena, const char *path)
{
	const char *absolute = path[0] == '/' ? path : path_join(arena, working(), path);
	char *normal = arena_alloc(arena, strlen(absolute) + 2);
	struct str rest = str_of(absolute);
	struct str part;
	size_t len = 0;

	while (str_split_next(&rest, '/', &part)) {
		if (part.len == 0 || str_is(part, "."))
			continue;
		if (str_is(part, "..")) {
			while (len > 0 && normal[--len] != '/')
				;
			continue;
		}
		normal[len++] = '/';
		memcpy(normal + len, part.text, part.len);
		len += part.len;
	}
	if (len == 0)
		normal[len++] = '/';
	normal[len] = '\0';
	return normal;
}

bool path_is_inside(const char *path, const char *directory)
{
	const size_t len = strlen(directory);

	if (strcmp(directory, "/") == 0)
		return true;
	return strncmp(path, directory, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

char *path_find_upward(struct arena *arena, const char *directory, const char *name)
{
	char *at = path_normalize(arena, directory);
	struct stat info;

	for (;;) {
		char *candidate = path_join(arena, at, name);

		if (lstat(candidate, &info) == 0 && !S_ISDIR(info.st_mode))
			return candidate;
		if (strcmp(at, "/") == 0)
			return NULL;
		at = path_directory(arena, at);
	}
}
