/*
 * A root runs this for a server of another user, and that user may write into the directory meanwhile. So
 * nothing in it is read or removed by a name that they could change: the directory is opened without
 * following links, its mark is read in what is open, and entries are removed by a child that runs as that
 * user and starts from the open directory. Marked first, proved, and only then given away, is the order in
 * which one is made.
 *
 * Two things limit where it can be. A socket's path has room for about a hundred bytes (sun_path), and the
 * unprivileged user has to pass through all directories above. Where DIRECTORY does not fit, a link of ours
 * leads to a place that does; a link that is not ours is never followed, since it could lead to somebody's
 * server, which we would stop and remove.
 *
 * That a scratch directory is in use is a lock on it (flock), not a pid in a file: the system lets go of it
 * however its owner ends. A kept one is locked only while a server is started in it.
 */
#include "pg/server_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "pg/server_directory_mark.h"

#define SCRATCH_PREFIX "rung-scratch."
#define SOCKET_NAME "/.s.PGSQL.5432"

enum {
	PATIENCE_TO_DIE_MS = 10 * 1000,
	TRIES_TO_CLAIM = 20,
};

/* --- whose, and where ------------------------------------------------- */

static const char *unprivileged_user(void)
{
	if (geteuid() != 0)
		return NULL;
	return getpwnam("postgres") ? "postgres" : "nobody";
}

static uid_t uid_of(const char *user)
{
	const struct passwd *entry = user ? getpwnam(user) : NULL;

	return entry ? entry->pw_uid : geteuid();
}

static bool give_to(const char *path, const char *user, struct error *err)
{
	const struct passwd *entry = user ? getpwnam(user) : NULL;

	if (entry && chown(path, entry->pw_uid, entry->pw_gid) < 0)
		return error_set(err, ERROR_STORAGE, "could not give \"%s\" to %s: %m", path, user);
	return true;
}

/* Whether everybody may pass through `directory` and its parents; they need not be able to list them. */
static bool is_reachable(const char *directory)
{
	scoped_arena struct arena arena = {0};

	for (const char *at = directory;; at = path_directory(&arena, at)) {
		struct stat info;

		if (stat(at, &info) == 0 && !(info.st_mode & S_IXOTH))
			return false;
		if (strcmp(at, "/") == 0)
			return true;
	}
}

static bool is_suitable(const char *server_directory, const char *user)
{
	scoped_arena struct arena arena = {0};

	return strlen(server_directory) + strlen(SOCKET_NAME) < sizeof(((struct sockaddr_un *)0)->sun_path) &&
	       (!user || is_reachable(path_directory(&arena, server_directory)));
}

/*
 * As the user whose files they are: somebody who can write in there must not
 * be able to lead a root astray. rm follows no links, and it starts from the
 * directory that was proven, whatever its name leads to by now.
 */
static bool remove_entries(int server_directory, const char *const *entries, const char *user,
                           struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char **argv = NULL;
	size_t count = 0;
	struct child_result result;

	for (const char *const *word = (const char *const[]){"rm", "-rf", "--", NULL}; *word; word++)
		*ARENA_PUSH(&arena, argv, count) = *word;
	while (*entries)
		*ARENA_PUSH(&arena, argv, count) = *entries++;
	*ARENA_PUSH(&arena, argv, count) = NULL;
	const struct child_options options = {
	    .argv = argv, .user = user, .directory_fd = server_directory, .capture = true, .must_finish = true};
	return child_must_run(&options, &arena, &result, err);
}

bool server_directory_remove_entry(const char *path, const char *entry, const char *user, struct error *err)
{
	scoped_fd int server_directory = -1;
	struct stat info;

	if (!server_directory_mark_open(path, NULL, &server_directory, err))
		return false;
	if (fstatat(server_directory, entry, &info, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return true;
	return remove_entries(server_directory, (const char *const[]){entry, NULL}, user, err);
}

/* Killed between its creation and its mark, it is empty; the last directory may lie where only we may remove
 * it. */
bool server_directory_remove(const char *path, const char *user, struct error *err)
{
	scoped_fd int server_directory = -1;

	if (rmdir(path) == 0 || errno == ENOENT)
		return true;
	if (!server_directory_mark_open(path, NULL, &server_directory, err) ||
	    !remove_entries(server_directory, server_directory_entries, user, err))
		return false;
	if (unlinkat(server_directory, HOME_MARK, 0) < 0 && errno != ENOENT)
		return error_set(err, ERROR_STORAGE, "could not remove \"%s/%s\": %m", path, HOME_MARK);
	if (rmdir(path) == 0 || errno == ENOENT)
		return true;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", path);
	error_set(err, ERROR_STORAGE, "the server was removed, but \"%s\" contains files that rung did not make",
	          path);
	return error_hint(err, "They were left alone.");
}

/* --- the pid file ----------------------------------------------------- */

static bool works_in(pid_t pid, const char *data, struct arena *arena)
{
	char *link = arena_printf(arena, "/proc/%ld/cwd", (long)pid);
	char directory[PATH_MAX];
	const ssize_t len = readlink(link, directory, sizeof(directory) - 1);

	if (len < 0) /* no such thing here; or not ours, and then it is no server of ours */
		return !directory_exists("/proc/self/cwd");
	directory[len] = '\0';
	return strcmp(directory, data) == 0;
}

/*
 * The postmaster of that directory, or 0. A crash leaves the file behind and the
 * system gives the number to somebody else, so its working directory is
 * compared too before anybody is sent a signal.
 */
pid_t server_directory_postmaster(const char *server_directory)
{
	scoped_arena struct arena arena = {0};
	const char *data = path_join(&arena, server_directory, "data");
	struct error ignored;
	struct str text;

	if (!file_read(path_join(&arena, data, "postmaster.pid"), 4096, ERROR_STORAGE, &arena, &text, &ignored))
		return 0;
	const pid_t pid = (pid_t)strtol(text.text, NULL, 10);
	return pid > 1 && child_is_alive(pid) && works_in(pid, data, &arena) ? pid : 0;
}

void postmaster_end(pid_t pid)
{
	kill(pid, SIGQUIT);
	if (!child_wait_gone(pid, PATIENCE_TO_DIE_MS))
		kill(pid, SIGKILL);
	(void)!child_wait_gone(pid, PATIENCE_TO_DIE_MS);
}

/* --- a temporary home ------------------------------------------------- */

/*
 * Anyone who uses a scratch directory holds a lock on it, which the system lets
 * go of when he ends, however that happens. A directory that can be locked
 * belongs to nobody any more.
 */
static bool lock_directory(const char *path, int *fd)
{
	struct stat info;

	*fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *fd >= 0 && flock(*fd, LOCK_EX | LOCK_NB) == 0 && fstat(*fd, &info) == 0 && info.st_nlink > 0;
}

static void sweep_one(const char *path, const char *user)
{
	scoped_fd int fd = -1;
	struct error ignored;
	struct stat info;

	if (lstat(path, &info) < 0 || (info.st_uid != geteuid() && info.st_uid != uid_of(user)) ||
	    !lock_directory(path, &fd))
		return;
	const pid_t pid = server_directory_postmaster(path);
	if (pid)
		postmaster_end(pid);
	if (!server_directory_remove(path, user, &ignored))
		return; /* the next one tries again */
}

/* What runs that were killed have left. */
static void sweep(const char *base, const char *user)
{
	scoped_arena struct arena arena = {0};
	struct directory found;
	struct error ignored;

	if (!directory_read(base, &arena, &found, &ignored))
		return;
	for (size_t i = 0; i < found.count; i++)
		if (str_starts(str_of(found.names[i]), SCRATCH_PREFIX))
			sweep_one(path_join(&arena, base, found.names[i]), user);
}

static const char *temporary_base(const char *user)
{
	const char *bases[] = {getenv("TMPDIR"), "/tmp", "/var/tmp"};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++)
		if (bases[i] && bases[i][0] == '/' && access(bases[i], W_OK | X_OK) == 0 &&
		    is_suitable(path_join(&arena, bases[i], SCRATCH_PREFIX "XXXXXX"), user))
			return bases[i];
	return "/tmp";
}

bool server_directory_open_temporary(struct arena *arena, struct server_directory *out, struct error *err)
{
	const char *user = unprivileged_user();
	const char *base = temporary_base(user);

	sweep(base, user);
	/* Between its creation and our lock somebody who sweeps may take it for abandoned. */
	for (int i = 0; i < TRIES_TO_CLAIM; i++) {
		char *path = path_join(arena, base, SCRATCH_PREFIX "XXXXXX");
		scoped_fd int fd = -1;

		if (!mkdtemp(path))
			return error_set(err, ERROR_STORAGE, "could not create a directory in \"%s\": %m", base);
		if (!lock_directory(path, &fd))
			continue;
		if (!server_directory_mark_write(path, "", err) || !give_to(path, user, err))
			return false;
		*out = (struct server_directory){path, user, fd};
		fd = -1;
		return true;
	}
	return error_set(err, ERROR_STORAGE, "could not create a directory in \"%s\"", base);
}

/* --- a kept home ------------------------------------------------------ */

/* A root who looks after somebody's server does so in his name. */
const char *server_directory_user(const char *server_directory, struct arena *arena)
{
	const struct passwd *owner;
	struct stat info;

	if (geteuid() != 0 || stat(server_directory, &info) < 0 || info.st_uid == 0)
		return unprivileged_user();
	owner = getpwuid(info.st_uid);
	return owner ? arena_strdup(arena, owner->pw_name) : unprivileged_user();
}

static bool check_owner(const char *server_directory, struct error *err)
{
	struct stat info;

	if (geteuid() == 0 || stat(server_directory, &info) < 0 || info.st_uid == geteuid())
		return true;
	const struct passwd *owner = getpwuid(info.st_uid);
	error_set(err, ERROR_CONFIG, "the server in \"%s\" belongs to %s", server_directory,
	          owner ? owner->pw_name : "another user");
	return error_hint(err, "Keep one of your own elsewhere with --local-dir.");
}

/* The directory itself with what leads to it resolved; the home in it is never resolved. */
static const char *resolved(const char *directory, struct arena *arena)
{
	char path[PATH_MAX];

	return realpath(directory, path) ? arena_strdup(arena, path) : path_normalize(arena, directory);
}

static bool is_link(const char *path)
{
	struct stat info;

	return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

static bool refuse_link(const char *path, struct error *err)
{
	error_set(err, ERROR_CONFIG, "\"%s\" is a link that \"rung local\" did not make", path);
	return error_hint(err,
	                  "Links are not followed: it may lead to somebody's server. Remove the link, or name "
	                  "another directory with --local-dir.");
}

/* Where it is not DIRECTORY/server itself, a link of ours leads to it and its mark names DIRECTORY. */
static bool find_far(const char *directory, const char *link, struct arena *arena, const char **out,
                     struct error *err)
{
	char target[PATH_MAX];
	const ssize_t len = readlink(link, target, sizeof(target) - 1);
	scoped_fd int fd = -1;
	struct stat info;

	if (len < 0 || target[0] != '/')
		return refuse_link(link, err);
	target[len] = '\0';
	if (lstat(target, &info) < 0 && errno == ENOENT) {
		*out = NULL;
		return true;
	}
	if (!server_directory_mark_open(target, directory, &fd, err))
		return refuse_link(link, err);
	*out = arena_strdup(arena, target);
	return true;
}

bool server_directory_find(const char *directory, struct arena *arena, const char **out, struct error *err)
{
	const char *whole = resolved(directory, arena);
	const char *path = path_join(arena, whole, "server");
	scoped_fd int fd = -1;
	struct stat info;

	*out = NULL;
	if (is_link(directory))
		return refuse_link(directory, err);
	if (lstat(path, &info) < 0)
		return errno == ENOENT || errno == ENOTDIR ||
		       error_set(err, ERROR_STORAGE, "could not look at \"%s\": %m", path);
	if (S_ISLNK(info.st_mode))
		return find_far(whole, path, arena, out, err);
	if (server_directory_is_empty(path)) /* killed before it was marked: as if there were none */
		return true;
	if (!server_directory_mark_open(path, NULL, &fd, err))
		return false;
	*out = path;
	return true;
}

/*
 * The same DIRECTORY has the same place each time; two have the same one only where 64 bits of SHA-256 are
 * equal, and then the mark tells them apart.
 */
static const char *far_directory(const char *directory, const char *user, struct arena *arena)
{
	const char *name = arena_strndup(arena, digest_hex(arena, str_of(directory)), 16);
	const char *server_directory = getenv("HOME");

	if (user || !server_directory)
		return path_join(arena, "/var/lib/rung", name);
	return path_join(arena, path_join(arena, server_directory, ".local/state/rung"), name);
}

/* One that was there already is not given to anybody before its mark says whose it is. */
static bool prove(const char *server_directory, const char *directory, struct error *err)
{
	scoped_fd int fd = -1;

	return server_directory_mark_open(server_directory, directory, &fd, err);
}

static bool create_server_directory(const char *server_directory, const char *directory, const char *user,
                                    struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (!is_suitable(server_directory, user)) {
		error_set(err, ERROR_CONFIG, "cannot keep a server in \"%s\"", server_directory);
		return error_hint(
		    err, "Name a directory with a short path, which every user can enter, with --local-dir.");
	}
	if (!directory_create(path_directory(&arena, server_directory), 0755, err))
		return false;
	if (mkdir(server_directory, 0700) < 0 && errno != EEXIST)
		return error_set(err, ERROR_STORAGE, "could not create directory \"%s\": %m", server_directory);
	return server_directory_mark_write(server_directory, directory, err) &&
	       prove(server_directory, directory, err) && give_to(server_directory, user, err);
}

static bool link_directory(const char *directory, const char *link, const char *user, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *server_directory = far_directory(directory, user, &arena);

	if (!create_server_directory(server_directory, directory, user, err))
		return false;
	unlink(link); /* one that led nowhere */
	if (symlink(server_directory, link) < 0)
		return error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", link);
	return true;
}

/* Version control has no business in there. */
static bool hide_from_git(const char *directory, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *path = path_join(&arena, directory, ".gitignore");

	return file_exists(path) || file_write(path, STR("*\n"), 0644, err);
}

static bool make_directory_for_server(const char *directory, const char *user, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *link = path_join(&arena, directory, "server");

	return is_suitable(link, user) ? create_server_directory(link, directory, user, err)
	                               : link_directory(directory, link, user, err);
}

/* Removing the server removes the directory that others wait to lock. */
static bool is_still_there(const char *directory, int fd)
{
	struct stat locked;
	struct stat found;

	return fstat(fd, &locked) == 0 && lstat(directory, &found) == 0 && locked.st_dev == found.st_dev &&
	       locked.st_ino == found.st_ino;
}

/* Of several who start the same server at once, one does and the others join. */
static bool wait_for_lock(const char *directory, int *fd, struct error *err)
{
	*fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0)
		return error_set(err, ERROR_STORAGE, "could not open \"%s\": %m", directory);
	while (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return error_set(err, ERROR_STORAGE, "could not lock \"%s\": %m", directory);
		if (!clock_sleep_ms(clock_jitter_ms(20)))
			return interrupt_check(err);
	}
	return true;
}

bool server_directory_lock(const char *directory, int *fd, struct error *err)
{
	while (directory_exists(directory)) {
		if (!wait_for_lock(directory, fd, err) && (*fd >= 0 || directory_exists(directory)))
			return false;
		if (*fd < 0)
			break;
		if (is_still_there(directory, *fd))
			return true;
		fd_clear(fd);
	}
	return true;
}

/* Made and locked; made again where somebody removed it between the two. */
static bool make_and_lock(const char *directory, int *fd, struct error *err)
{
	while (*fd < 0)
		if (!directory_create(directory, 0755, err) || !server_directory_lock(directory, fd, err))
			return false;
	return true;
}

static bool find_or_make(const char *directory, struct arena *arena, const char **out, struct error *err)
{
	if (!server_directory_find(directory, arena, out, err))
		return false;
	if (*out)
		return true;
	if (!make_directory_for_server(resolved(directory, arena), unprivileged_user(), err) ||
	    !server_directory_find(directory, arena, out, err))
		return false;
	return *out ||
	       error_set(err, ERROR_STORAGE, "could not find the server's directory in \"%s\"", directory);
}

bool server_directory_open_kept(const char *directory, struct arena *arena, struct server_directory *out,
                                struct error *err)
{
	scoped_fd int fd = -1;
	const char *path;

	if (is_link(directory))
		return refuse_link(directory, err);
	if (!make_and_lock(directory, &fd, err) || !hide_from_git(directory, err))
		return false;
	if (!find_or_make(directory, arena, &path, err) || !check_owner(path, err))
		return false;
	*out = (struct server_directory){path, server_directory_user(path, arena), fd};
	fd = -1;
	return true;
}

/* --- its data --------------------------------------------------------- */

/* The major version a cluster was made with, or 0 when there is no cluster. */
int server_directory_major(const char *server_directory)
{
	scoped_arena struct arena arena = {0};
	struct error ignored;
	struct str text;

	if (!file_read(path_join(&arena, server_directory, "data/PG_VERSION"), 100, ERROR_STORAGE, &arena, &text,
	               &ignored))
		return 0;
	return (int)strtol(text.text, NULL, 10);
}
