/*
 * What is checked is the descriptor that is read afterwards, so nothing can be
 * exchanged in between. Only links have to be looked at by name; anyone who could
 * put another in their place may write to a directory that is checked too, or
 * owns the link.
 */
#include "config/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/file.h"
#include "base/scope.h"
#include "config/owner.h"

/* As many as Linux follows in a path. */
enum { MOST_LINKS = 40, LARGEST_LIST = 1024 * 1024 };

/* --- by name ------------------------------------------------------------ */

static const char *resolved(const char *path, struct arena *arena)
{
	scoped_malloced char *real = realpath(path, NULL);

	return real ? arena_strdup(arena, real) : NULL;
}

static bool is_same_directory(struct str entry, const char *directory, struct arena *arena)
{
	const char *path = entry.len ? resolved(str_copy(arena, entry), arena) : NULL;

	return path && strcmp(path, directory) == 0;
}

static bool environment_trusts(const char *directory, struct arena *arena)
{
	const char *list = getenv("RUNG_TRUST");
	struct str rest = str_of(list ? list : "");
	struct str entry;

	while (str_split_next(&rest, ':', &entry))
		if (str_is(entry, "*") || is_same_directory(entry, directory, arena))
			return true;
	return false;
}

/* $XDG_CONFIG_HOME/rung/trusted; NULL where there is no home. */
static const char *list_path(struct arena *arena)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config && config[0] == '/')
		return path_join(arena, config, "rung/trusted");
	return home && home[0] == '/' ? path_join(arena, home, ".config/rung/trusted") : NULL;
}

static const char *objection_to_open(int fd, mode_t ignored, struct arena *arena)
{
	struct stat info;

	if (fstat(fd, &info) < 0)
		return "cannot be looked at";
	info.st_mode &= ~ignored;
	return owner_objection(&info, fd, NULL, arena);
}

/*
 * Opens the list in its directory. What others may write to would be their
 * word, and where a link leads may be theirs too: `*why` says so, and is NULL
 * where there is just none.
 */
static bool open_list(const char *path, int flags, struct arena *arena, int *out, const char **why)
{
	scoped_fd int directory =
	    open(path_directory(arena, path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	scoped_fd int fd = directory < 0 ? -1
	                                 : openat(directory, path_name(path),
	                                          flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, 0600);

	*why = NULL;
	if (directory < 0 || fd < 0) {
		if (errno == ELOOP || errno == ENOTDIR)
			*why = directory < 0 ? "is in a directory that is a link or not a directory" : "is a link";
		return false;
	}
	const char *objection = objection_to_open(directory, S_ISVTX, arena);
	*why = objection ? arena_printf(arena, "is in a directory that %s", objection)
	                 : objection_to_open(fd, 0, arena);
	if (*why)
		return false;
	*out = fd;
	fd = -1;
	return true;
}

static bool read_list(const char *path, struct arena *arena, struct str *out, const char **why)
{
	scoped_fd int fd = -1;
	struct error ignored;

	return path && open_list(path, O_RDONLY, arena, &fd, why) &&
	       file_read_open(fd, path, LARGEST_LIST, ERROR_CONFIG, arena, out, &ignored);
}

static bool list_trusts(const char *directory, struct arena *arena, const char **why)
{
	struct str rest = {0};
	struct str line;

	if (!read_list(list_path(arena), arena, &rest, why))
		return false;
	while (str_line_next(&rest, &line))
		if (str_is(line, directory))
			return true;
	return false;
}

/* --- refusing ------------------------------------------------------------ */

static bool refuse(const struct trust *trust, const char *what, const char *objection,
                   const char *list_objection, struct error *err)
{
	scoped_arena struct arena arena = {0};

	error_set(err, ERROR_CONFIG, "the project in \"%s\" is not trusted: %s %s", trust->directory, what,
	          objection);
	error_detail(
	    err, "Anyone who can write there decides which commands are run and where passwords are sent.%s%s%s",
	    list_objection ? " The list of trusted projects is not read: it " : "",
	    list_objection ? list_objection : "", list_objection ? "." : "");
	return error_hint(err,
	                  "If you trust them, run once: \"rung config --trust %s\". In a container or in CI, set "
	                  "RUNG_TRUST to the directory.",
	                  shell_word(&arena, trust->directory));
}

/* What is open at `fd`, or else (-1) what `path` leads to, or (no path either) a link itself. */
static bool check(const struct trust *trust, const struct stat *info, int fd, const char *path,
                  const char *what, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *objection = trust->is_by_name ? NULL : owner_objection(info, fd, path, &arena);
	const char *list_objection = NULL;

	if (!objection || environment_trusts(trust->directory, &arena) ||
	    list_trusts(trust->directory, &arena, &list_objection))
		return true;
	return refuse(trust, what, objection, list_objection, err);
}

/* --- what is in there ---------------------------------------------------- */

bool trust_open(const char *directory, struct arena *arena, struct trust *out, struct error *err)
{
	const char *path = resolved(directory, arena);
	scoped_fd int fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct trust trust = {.directory = path, .fd = -1};
	const char *ignored = NULL;
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0)
		return error_set(err, ERROR_CONFIG, "could not open the project's directory \"%s\": %m", directory);
	if (!check(&trust, &info, fd, NULL, "it", err))
		return false;
	/* Where it was the list that said yes, that holds for all of it. */
	trust.is_by_name = environment_trusts(path, arena) || list_trusts(path, arena, &ignored);
	trust.fd = fd;
	fd = -1;
	*out = trust;
	return true;
}

void trust_close(struct trust *trust)
{
	fd_clear(&trust->fd);
}

/* A directory that a link leads into; anyone who may write there decides what is read. */
static bool check_directory_of(const struct trust *trust, const char *path, const char *name,
                               struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *directory = path_directory(&arena, path);
	struct stat info;

	return stat(directory, &info) < 0 ||
	       check(trust, &info, -1, directory,
	             arena_printf(&arena, "\"%s\" is a link into \"%s\", which", name, directory), err);
}

static const char *link_target(const char *path, struct arena *arena)
{
	char target[PATH_MAX];
	const ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return NULL;
	target[len] = '\0';
	return path_join(arena, path_directory(arena, path), target);
}

/* Every link on the way to what `path` leads to. */
static bool check_links(const struct trust *trust, const char *path, const char *name, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *what = arena_printf(&arena, "the link \"%s\"", name);
	struct stat info;

	for (int i = 0; i < MOST_LINKS && lstat(path, &info) == 0 && S_ISLNK(info.st_mode); i++) {
		if (!check(trust, &info, -1, NULL, what, err))
			return false;
		path = link_target(path, &arena);
		if (!path)
			return true;
		if (!check_directory_of(trust, path, name, err))
			return false;
	}
	return true;
}

/* A link to nothing is no absence: what it should have said would be passed over. */
static bool is_absent(const struct trust *trust, const char *name, int why)
{
	struct stat info;

	if (why != ENOENT)
		return why == ENXIO;
	return fstatat(trust->fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISLNK(info.st_mode);
}

bool trust_read(const struct trust *trust, const char *name, size_t max_size, struct arena *arena,
                struct str *out, bool *exists, struct error *err)
{
	const char *path = path_join(arena, trust->directory, name);
	/* O_NONBLOCK: opening a pipe nobody writes to must not wait for ever. */
	scoped_fd int fd = openat(trust->fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const int why = errno;
	struct stat info;

	*exists = false;
	if (!check_links(trust, path, name, err))
		return false;
	if (fd < 0)
		return is_absent(trust, name, why) ||
		       error_set(err, ERROR_CONFIG, "could not read \"%s\": %s", path, strerror(why));
	if (fstat(fd, &info) < 0)
		return error_set(err, ERROR_CONFIG, "could not read \"%s\": %m", path);
	if (!S_ISREG(info.st_mode))
		return true;
	*exists = true;
	return check(trust, &info, fd, NULL, arena_printf(arena, "\"%s\"", name), err) &&
	       file_read_open(fd, path, max_size, ERROR_CONFIG, arena, out, err);
}

static bool check_path(const struct trust *trust, const char *path, mode_t ignored, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct stat info;

	if (lstat(path, &info) < 0)
		return true;
	if (S_ISLNK(info.st_mode) && !check_links(trust, path, path, err))
		return false;
	if (S_ISLNK(info.st_mode) && stat(path, &info) < 0)
		return true;
	info.st_mode &= ~ignored;
	return check(trust, &info, -1, path, arena_printf(&arena, "\"%s\"", path), err);
}

/* Names in there are taken as they come, so the sticky bit keeps nobody's files out. */
bool trust_check_directory(const struct trust *trust, const char *path, struct error *err)
{
	return check_path(trust, path, S_ISVTX, err);
}

bool trust_check_file(const struct trust *trust, const char *path, struct error *err)
{
	return check_path(trust, path, 0, err);
}

bool trust_check_open_file(const struct trust *trust, int fd, const struct stat *info, const char *path,
                           struct error *err)
{
	char what[PATH_MAX + 2];

	snprintf(what, sizeof(what), "\"%s\"", path);
	return check(trust, info, fd, NULL, what, err);
}

/* --- trusting ------------------------------------------------------------ */

static bool append_line(int fd, const char *path, const char *directory, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *line = arena_printf(&arena, "%s\n", directory);

	return write(fd, line, strlen(line)) == (ssize_t)strlen(line) ||
	       error_set(err, ERROR_STORAGE, "could not write \"%s\": %m", path);
}

/* One line, appended in one write: two who do so at once lose nothing. */
static bool add_to_list(const char *path, const char *directory, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (!directory_create(path_directory(&arena, path), 0700, err))
		return false;
	const char *why;
	scoped_fd int fd = -1;
	if (!open_list(path, O_RDWR | O_CREAT | O_APPEND, &arena, &fd, &why))
		return why ? error_set(err, ERROR_CONFIG, "cannot use \"%s\": it %s", path, why)
		           : error_set(err, ERROR_STORAGE, "could not open \"%s\": %m", path);
	return append_line(fd, path, directory, err);
}

bool trust_add(const char *directory, struct arena *arena, const char **out, const char **list,
               struct error *err)
{
	const char *path = resolved(directory, arena);
	const char *ignored = NULL;

	*list = list_path(arena);
	if (!path || !directory_exists(path))
		return error_set(err, ERROR_USAGE, "there is no directory \"%s\"", directory);
	if (strchr(path, '\n'))
		return error_set(err, ERROR_USAGE, "cannot trust a directory whose name has line ends in it");
	if (!*list)
		return error_set(err, ERROR_CONFIG, "HOME and XDG_CONFIG_HOME do not say where to keep it");
	*out = path;
	return list_trusts(path, arena, &ignored) || add_to_list(*list, path, err);
}
