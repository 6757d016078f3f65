/*
 * The name of a kept cluster is MAJOR-KEY-SIZES. KEY stands for all that it depends on: the programs by
 * inode, size and time, so that another minor release has another one. SIZES stands for the names and sizes
 * of its files, and is compared with each copy: a power cut leaves files empty, and who clears a cache
 * takes some of them away. A server that does not start in a copy is the other way to find out (server.c).
 *
 * It is made in a directory of a passing name and renamed, so one that has its name is whole. Those with a
 * passing name whose lock is free were left by a run that was killed. A reader holds a lock, too, and nothing
 * is removed that cannot be locked.
 *
 * Nothing is followed or believed by name: the directory must be ours and closed to everyone else, each
 * cluster must belong to the user that servers run as, and links are not followed on the way. Copying and
 * removing is done by cp and rm, as that user and from the open directory; where the file system can share
 * blocks between copies, cp has it do so.
 */
#include "pg/cluster_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/child.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/scope.h"

#define PASSING ".new-"

enum { KEY_DIGITS = 16, UNUSED_S = 30 * 24 * 60 * 60 };

/* --- where it is ---------------------------------------------------------- */

static bool is_ours_alone(int fd, uid_t owner)
{
	struct stat info;

	return fstat(fd, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == owner &&
	       !(info.st_mode & (S_IWGRP | S_IWOTH));
}

/* `name` in `parent`, made when it is not there; -1 where it is not to be used. */
static int enter(int parent, const char *name)
{
	if (mkdirat(parent, name, 0700) < 0 && errno != EEXIST)
		return -1;
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && !is_ours_alone(fd, geteuid()))
		fd_clear(&fd);
	return fd;
}

static int open_directory(struct arena *arena, const char **path)
{
	const char *base = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	struct error ignored;

	if (!base || *base != '/')
		base = home && *home == '/' ? path_join(arena, home, ".cache") : NULL;
	if (!base || !directory_create(base, 0700, &ignored))
		return -1;
	scoped_fd int parent = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scoped_fd int own = parent < 0 ? -1 : enter(parent, "rung");
	*path = path_join(arena, base, "rung/clusters");
	return own < 0 ? -1 : enter(own, "clusters");
}

/* --- what it is called ------------------------------------------------------ */

static void add_program(struct buffer *key, const char *bindir, const char *name)
{
	scoped_arena struct arena arena = {0};
	struct stat info = {0};

	if (stat(path_join(&arena, bindir, name), &info) < 0)
		info = (struct stat){0};
	buffer_printf(key, "%s/%s %ju %ju %jd %jd.%09ld\n", bindir, name, (uintmax_t)info.st_dev,
	              (uintmax_t)info.st_ino, (intmax_t)info.st_size, (intmax_t)info.st_mtim.tv_sec,
	              info.st_mtim.tv_nsec);
}

/* initdb writes the system's time zone into the settings. */
static void add_time_zone(struct buffer *key)
{
	char target[PATH_MAX];
	const ssize_t len = readlink("/etc/localtime", target, sizeof(target));
	const char *zone = getenv("TZ");

	buffer_printf(key, "%s\n%.*s\n", zone ? zone : "", len > 0 ? (int)len : 0, target);
}

static const char *short_digest(struct str text, struct arena *arena)
{
	return arena_strndup(arena, digest_hex(arena, text), KEY_DIGITS);
}

void cluster_cache_open(const struct program_place *programs, const char *const *options, const char *user,
                        struct arena *arena, struct cluster_cache *out)
{
	struct buffer key = {.arena = arena};

	buffer_printf(&key, "1\n%s\n", user ? user : "");
	add_program(&key, programs->directory, "initdb");
	add_program(&key, programs->directory, "postgres");
	while (*options)
		buffer_printf(&key, "%s\n", *options++);
	add_time_zone(&key);
	*out = (struct cluster_cache){
	    .prefix = arena_printf(arena, "%d-%s", programs->major, short_digest(buffer_str(&key), arena)),
	    .user = user,
	    .arena = arena};
	out->directory = open_directory(arena, &out->path);
}

void cluster_cache_close(struct cluster_cache *cache)
{
	if (cache->arena) /* it was opened */
		fd_clear(&cache->directory);
}

static void add_sizes(struct buffer *out, const char *path, const char *name)
{
	scoped_arena struct arena arena = {0};
	const char *whole = path_join(&arena, path, name);
	struct directory found = {0};
	struct error ignored;
	struct stat info;

	if (lstat(whole, &info) < 0 ||
	    (S_ISDIR(info.st_mode) && !directory_read(whole, &arena, &found, &ignored)))
		info = (struct stat){0};
	buffer_printf(out, "%s %o %jd\n", name, (unsigned)info.st_mode,
	              S_ISREG(info.st_mode) ? (intmax_t)info.st_size : 0);
	for (size_t i = 0; i < found.count; i++)
		add_sizes(out, whole, found.names[i]);
	buffer_char(out, '\n');
}

/* Of all files of the cluster in `data`. */
static const char *sizes_of(const char *data, struct arena *arena)
{
	scoped_arena struct arena scratch = {0};
	struct buffer text = {.arena = &scratch};
	struct directory found;
	struct error ignored;

	if (!directory_read(data, &scratch, &found, &ignored))
		return "";
	for (size_t i = 0; i < found.count; i++)
		add_sizes(&text, data, found.names[i]);
	return short_digest(buffer_str(&text), arena);
}

/* --- clusters that are there ------------------------------------------------- */

static uid_t owner_of(const struct cluster_cache *cache)
{
	const struct passwd *entry = cache->user ? getpwnam(cache->user) : NULL;

	return entry ? entry->pw_uid : geteuid();
}

/* The cluster called so; -1 where there is none that is to be used. `lock` as flock() has it. */
static int open_cluster(const struct cluster_cache *cache, const char *name, int lock)
{
	int fd = openat(cache->directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && (!is_ours_alone(fd, owner_of(cache)) || flock(fd, lock | LOCK_NB) < 0))
		fd_clear(&fd);
	return fd;
}

static bool is_kept(const struct cluster_cache *cache, const char *name)
{
	return str_starts(str_of(name), cache->prefix) && !strstr(name, PASSING);
}

/* Its name, or NULL. */
static const char *find(const struct cluster_cache *cache)
{
	struct directory found;
	struct error ignored;

	if (cache->directory < 0 || !directory_read(cache->path, cache->arena, &found, &ignored))
		return NULL;
	for (size_t i = 0; i < found.count; i++)
		if (is_kept(cache, found.names[i]))
			return found.names[i];
	return NULL;
}

/* --- reading and removing them ------------------------------------------------- */

/* Runs as the user whose files they are, in the directory of one cluster. */
static bool run_in(const struct cluster_cache *cache, int cluster, const char *const *argv)
{
	scoped_arena struct arena arena = {0};
	const struct child_options options = {
	    .argv = argv, .user = cache->user, .directory_fd = cluster, .capture = true, .must_finish = true};
	struct child_result result;
	struct error ignored;

	return child_must_run(&options, &arena, &result, &ignored);
}

static bool copy(const struct cluster_cache *cache, int cluster, const char *from, const char *to)
{
	return run_in(cache, cluster, (const char *const[]){"cp", "-R", "-P", "-p", "--", from, to, NULL});
}

/* Only one that nobody reads or makes. */
static void remove_cluster(const struct cluster_cache *cache, const char *name)
{
	scoped_fd int cluster = open_cluster(cache, name, LOCK_EX);

	if (cluster >= 0 && run_in(cache, cluster, (const char *const[]){"rm", "-rf", "--", "data", NULL}))
		unlinkat(cache->directory, name, AT_REMOVEDIR);
}

void cluster_cache_forget(const struct cluster_cache *cache)
{
	const char *name = find(cache);

	if (name)
		remove_cluster(cache, name);
}

static bool is_whole(const struct cluster_cache *cache, const char *name, const char *data)
{
	return strcmp(name + strlen(cache->prefix) + 1, sizes_of(data, cache->arena)) == 0;
}

static bool take(const struct cluster_cache *cache, const char *name, const char *data)
{
	scoped_fd int cluster = open_cluster(cache, name, LOCK_SH);

	if (cluster < 0)
		return false;
	(void)futimens(cluster, NULL); /* it is of use */
	return copy(cache, cluster, "data", data) && is_whole(cache, name, data);
}

bool cluster_cache_take(const struct cluster_cache *cache, const char *data)
{
	const char *name = find(cache);

	if (!name || take(cache, name, data))
		return name != NULL;
	remove_cluster(cache, name);
	return false;
}

/* --- keeping one ------------------------------------------------------------ */

static bool is_of_same_major(const struct cluster_cache *cache, const char *name)
{
	const size_t len = str_index(str_of(cache->prefix), '-') + 1;

	return strncmp(cache->prefix, name, len) == 0;
}

static bool is_unused(const struct cluster_cache *cache, const char *name)
{
	struct stat info;

	return fstatat(cache->directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	       info.st_mtim.tv_sec < time(NULL) - UNUSED_S;
}

/* Those of another minor release, of long ago, and what runs that were killed have left. */
static void sweep(const struct cluster_cache *cache)
{
	struct directory found;
	struct error ignored;

	if (!directory_read(cache->path, cache->arena, &found, &ignored))
		return;
	for (size_t i = 0; i < found.count; i++) {
		const char *name = found.names[i];

		if (strstr(name, PASSING) || is_unused(cache, name) ||
		    (is_of_same_major(cache, name) && !is_kept(cache, name)))
			remove_cluster(cache, name);
	}
}

/* A directory of a passing name, locked and given to the user; -1 where that cannot be. */
static int begin(const struct cluster_cache *cache, const char *name)
{
	const struct passwd *entry = cache->user ? getpwnam(cache->user) : NULL;
	int fd = -1;

	if (mkdirat(cache->directory, name, 0700) == 0)
		fd = openat(cache->directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 &&
	    (flock(fd, LOCK_EX | LOCK_NB) < 0 || (entry && fchown(fd, entry->pw_uid, entry->pw_gid) < 0)))
		fd_clear(&fd);
	return fd;
}

/* Of two runs that keep one at once, the second finds the name taken, and removes its own. */
void cluster_cache_keep(const struct cluster_cache *cache, const char *data)
{
	const char *passing = arena_printf(cache->arena, "%s" PASSING "%ld", cache->prefix, (long)getpid());
	const char *name = arena_printf(cache->arena, "%s-%s", cache->prefix, sizes_of(data, cache->arena));

	if (cache->directory < 0)
		return;
	sweep(cache);
	scoped_fd int fd = begin(cache, passing);
	if (fd >= 0 && copy(cache, fd, data, "data") &&
	    renameat(cache->directory, passing, cache->directory, name) == 0)
		return;
	fd_clear(&fd);
	remove_cluster(cache, passing);
}
