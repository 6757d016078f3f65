/*
 * A directory as a store.
 *
 * What is being written is ".<name>.partial", which listings do not show, and
 * becomes <name> by a link, which never replaces anything. File and directory
 * are synced around it: after finish() a power cut does not undo it. The
 * writer holds a lock on the partial file, so a sweep can tell an abandoned one
 * from one that is merely slow.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "store/store_kind.h"
#include "stream/progress.h"

enum {
	READ_SIZE = 256 * 1024,
	FRESH_S = 60, /* an empty partial file this young may not have its lock yet */
};

static const char partial_end[] = ".partial";

struct directory_store {
	struct store store;
	const char *path;
};

static const char *path_of(const struct store *store)
{
	return ((const struct directory_store *)store)->path;
}

/* --- opening ------------------------------------------------------------ */

/* A directory that nobody made before may be a mistyped one. */
static bool make_root(const char *path, struct reporter *reporter, struct error *err)
{
	if (directory_exists(path))
		return true;
	if (!directory_create(path, 0700, err))
		return false;
	if (reporter)
		event_note(reporter, "created the directory \"%s\" for backups", path);
	return true;
}

static bool check_writable(const char *path, struct reporter *reporter, struct error *err)
{
	if (!make_root(path, reporter, err))
		return false;
	if (access(path, W_OK | X_OK) < 0)
		return error_set(err, ERROR_STORAGE, "could not write to directory \"%s\": %m", path);
	return true;
}

/* A guess may be wrong by half; where not even that is free, it is known before anybody waits for it. */
static bool check_space(const char *path, uint64_t likely_size, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct statvfs space;

	if (statvfs(path, &space) < 0 || space.f_blocks == 0) /* some file systems do not say */
		return true;
	const uint64_t free_size = (uint64_t)space.f_bavail * space.f_frsize;
	if (free_size >= likely_size / 2)
		return true;
	error_set(err, ERROR_STORAGE, "not enough space for a backup in \"%s\": %s are free, it takes about %s",
	          path, size_text(&arena, (int64_t)free_size), size_text(&arena, (int64_t)likely_size));
	return error_hint(err, "Free some space, for example with \"rung prune-backups\", or keep backups "
	                       "elsewhere (--backup-store).");
}

static bool directory_store_open(const struct store_options *options, struct arena *arena, struct store **out,
                                 struct error *err)
{
	struct directory_store *store = arena_new(arena, struct directory_store);
	const char *path = options->url;

	if (str_starts_folded(str_of(path), "file://"))
		path += strlen("file://");
	if (str_starts_folded(str_of(path), "localhost/"))
		path += strlen("localhost");
	if (path != options->url && path[0] != '/')
		return error_set(err, ERROR_CONFIG, "cannot keep backups at \"%s\": the path must be absolute",
		                 options->url);

	store->path = path_normalize(arena, path);
	if (file_exists(store->path) && !directory_exists(store->path))
		return error_set(err, ERROR_CONFIG, "cannot keep backups at \"%s\": it is not a directory",
		                 store->path);
	store->store.name = store->path;
	*out = &store->store;
	return !options->will_write || (check_writable(store->path, options->reporter, err) &&
	                                check_space(store->path, options->likely_size, err));
}

/* --- writing ------------------------------------------------------------ */

struct directory_sink {
	struct sink sink;
	struct arena arena; /* this struct lies on it */
	const char *partial;
	const char *path;
	int fd; /* -1 once nothing is left to undo */
};

static struct directory_sink *directory_sink_of(struct sink *sink)
{
	return (struct directory_sink *)sink;
}

static bool could_not_write(const char *path, struct error *err)
{
	const bool is_full = errno == ENOSPC || errno == EDQUOT;

	error_set(err, ERROR_STORAGE, "could not write \"%s\": %m", path);
	return is_full ? error_hint(err, "Free some space there, or keep backups elsewhere (--backup-store).")
	               : false;
}

static bool sink_of_directory_write(struct sink *sink, struct str bytes, struct error *err)
{
	const struct directory_sink *file = directory_sink_of(sink);

	return file_write_all(file->fd, bytes) || could_not_write(file->path, err);
}

/*
 * A file that was synced may still have no name after a power cut: the name is in the directory, which is
 * synced by itself.
 */
static bool sync_directory(const char *path, struct error *err)
{
	scoped_fd int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* Some network file systems cannot sync a directory, and say so with EINVAL. */
	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
		return error_set(err, ERROR_STORAGE, "could not sync directory \"%s\": %m", path);
	return true;
}

/* File systems without hard links have, on Linux, a rename that replaces nothing. */
static bool place(const char *partial, const char *path)
{
	if (link(partial, path) == 0)
		return unlink(partial) == 0 || errno == ENOENT;
#ifdef RENAME_NOREPLACE
	if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)
		return renameat2(AT_FDCWD, partial, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
#endif
	return false;
}

/* An object whose name may not outlive a power cut is taken back: success would be said of it otherwise. */
static bool sink_of_directory_finish(struct sink *sink, struct error *err)
{
	struct directory_sink *file = directory_sink_of(sink);

	if (fsync(file->fd) < 0)
		return could_not_write(file->path, err);
	if (!place(file->partial, file->path))
		return error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", file->path);
	fd_clear(&file->fd);
	if (sync_directory(path_directory(&file->arena, file->path), err))
		return true;
	unlink(file->path);
	return false;
}

static void sink_of_directory_discard(struct sink *sink)
{
	struct directory_sink *file = directory_sink_of(sink);

	if (file->fd < 0)
		return;
	unlink(file->partial);
	fd_clear(&file->fd);
}

static void sink_of_directory_close(struct sink *sink)
{
	struct arena arena;

	sink_of_directory_discard(sink);
	arena = directory_sink_of(sink)->arena;
	arena_clear(&arena);
}

static const struct sink_class directory_sink_class = {
    .write = sink_of_directory_write,
    .finish = sink_of_directory_finish,
    .discard = sink_of_directory_discard,
    .close = sink_of_directory_close,
};

/* Makes the directories of `path` below `root`, each durable in the one above. */
static bool make_directories(const char *root, const char *path, struct arena *arena, struct error *err)
{
	const char *directory = path_directory(arena, path);

	if (directory_exists(directory))
		return true;
	if (strcmp(directory, root) != 0 && !make_directories(root, directory, arena, err))
		return false;
	return directory_create(directory, 0700, err) && sync_directory(path_directory(arena, directory), err);
}

/* Where the file system has no locks, flock() fails here and in is_abandoned(), and only age tells. */
static bool directory_store_put(struct store *store, const char *name, struct sink **out, struct error *err)
{
	struct arena arena = {0};
	struct directory_sink *file = arena_new(&arena, struct directory_sink);

	file->sink.class = &directory_sink_class;
	file->fd = -1;
	file->path = path_join(&arena, path_of(store), name);
	file->partial =
	    arena_printf(&arena, "%s/.%s%s", path_directory(&arena, file->path), path_name(name), partial_end);
	if (file_exists(file->path))
		error_set(err, ERROR_STORAGE, "cannot write \"%s\": it exists", file->path);
	else if (make_directories(path_of(store), file->path, &arena, err) &&
	         (file->fd = open(file->partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) < 0)
		error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", file->partial);
	if (file->fd < 0) {
		arena_clear(&arena);
		return false;
	}
	flock(file->fd, LOCK_EX | LOCK_NB);
	file->arena = arena;
	*out = &file->sink;
	return true;
}

/* --- reading ------------------------------------------------------------ */

/*
 * Ctrl-C is looked for between chunks, because a backup on a network file system can take minutes to read.
 * Chunks of 256 KiB: such systems answer each read with a round trip.
 */
static bool push_all(int fd, const char *path, struct sink *into, struct error *err)
{
	scoped_malloced char *chunk = malloc(READ_SIZE);

	for (;;) {
		const ssize_t got = chunk ? read(fd, chunk, READ_SIZE) : -1;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, ERROR_STORAGE, "could not read \"%s\": %m", path);
		if (got == 0)
			return true;
		if (!interrupt_check(err) || !sink_write(into, (struct str){chunk, (size_t)got}, err))
			return false;
	}
}

/* Without waiting: opening a fifo that somebody put there would wait for its writer for ever. */
static int directory_store_descriptor(struct store *store, const char *name)
{
	scoped_arena struct arena arena = {0};
	int fd = open(path_join(&arena, path_of(store), name), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;

	if (fd >= 0 && (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)))
		fd_clear(&fd);
	return fd;
}

static bool directory_store_get(struct store *store, const char *name, struct sink *into, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *path = path_join(&arena, path_of(store), name);
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0) {
		store->has_none = errno == ENOENT;
		return error_set(err, ERROR_STORAGE, "could not read \"%s\": %m", path);
	}
	if (!S_ISREG(info.st_mode))
		return error_set(err, ERROR_STORAGE, "cannot read \"%s\": it is not a regular file", path);
	return push_all(fd, path, into, err) && sink_finish(into, err);
}

/* --- listing ------------------------------------------------------------ */

/* Called with every regular file: its path, its name below the store, what stat said. */
struct scan {
	bool (*visit)(struct scan *scan, const char *path, const char *name, const struct stat *info,
	              struct error *err);
	struct arena *arena;
	const char *prefix;
	struct object_list list;
	struct unfinished_list unfinished;
};

/*
 * Names that begin with a dot are not gone into: lost+found has none, but snapshots of file systems do
 * (".snapshot", ".zfs"), and each holds the whole store again.
 */
static bool scan_directory(struct scan *scan, const char *path, const char *name, struct error *err)
{
	struct directory directory = {0};

	if (!directory_read(path, scan->arena, &directory, err)) {
		err->kind = ERROR_STORAGE;
		return false;
	}
	for (size_t i = 0; i < directory.count; i++) {
		const char *entry = path_join(scan->arena, path, directory.names[i]);
		const char *entry_name = path_join(scan->arena, name, directory.names[i]);
		struct stat info;

		/* What vanished meanwhile was a partial file or somebody's removal. */
		if (lstat(entry, &info) < 0)
			continue;
		if (S_ISDIR(info.st_mode) && directory.names[i][0] != '.') {
			if (!scan_directory(scan, entry, entry_name, err))
				return false;
		} else if (S_ISREG(info.st_mode) && !scan->visit(scan, entry, entry_name, &info, err)) {
			return false;
		}
	}
	return true;
}

static bool directory_store_is_unmade(const struct store *store)
{
	return access(store->name, F_OK) < 0 && errno == ENOENT;
}

/* Before the first backup there is none, which is as good as an empty one. */
static bool scan_store(struct scan *scan, const struct store *store, struct error *err)
{
	return directory_store_is_unmade(store) || scan_directory(scan, path_of(store), "", err);
}

static bool visit_to_list(struct scan *scan, const char *path, const char *name, const struct stat *info,
                          struct error *err)
{
	const struct stored_object object = {
	    .name = name, .size = (uint64_t)info->st_size, .modified_s = (int64_t)info->st_mtime};

	(void)err;
	if (path_name(path)[0] != '.')
		object_list_add(&scan->list, scan->arena, scan->prefix, &object);
	return true;
}

static bool directory_store_list(struct store *store, const char *prefix, struct arena *arena,
                                 struct object_list *out, struct error *err)
{
	struct scan scan = {.visit = visit_to_list, .arena = arena, .prefix = prefix};

	if (!scan_store(&scan, store, err))
		return false;
	*out = scan.list;
	return true;
}

/* --- removing ----------------------------------------------------------- */

/*
 * Synced like a creation: who is told that a backup is gone may count on it, for instance because the law
 * says so.
 */
static bool directory_store_remove(struct store *store, const char *name, struct arena *arena,
                                   const char **retained_until, struct error *err)
{
	const char *path = path_join(arena, path_of(store), name);

	(void)retained_until;
	if (unlink(path) < 0)
		return errno == ENOENT || error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", path);
	return sync_directory(path_directory(arena, path), err);
}

/* A lock that can be had means that the writer is gone. */
static bool is_abandoned(const char *path, const struct stat *info)
{
	const time_t age_s = time(NULL) - info->st_mtime;
	scoped_fd int fd = -1;

	if (age_s > STORE_SWEEP_AGE_S)
		return true;
	if (info->st_size == 0 && age_s < FRESH_S)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* "inventory/.ID.json.partial" is to become "inventory/ID.json". */
static const char *name_of_partial(const char *name, struct arena *arena)
{
	const char *last = path_name(name);

	return arena_printf(arena, "%.*s%.*s", (int)(last - name), name,
	                    (int)(strlen(last) - 1 - strlen(partial_end)), last + 1);
}

static bool visit_partial(struct scan *scan, const char *path, const char *name, const struct stat *info,
                          struct error *err)
{
	const char *last = path_name(path);
	const bool is_partial =
	    last[0] == '.' && strlen(last) > strlen(partial_end) && str_ends(str_of(last), partial_end);
	const char *whole = is_partial ? name_of_partial(name, scan->arena) : NULL;

	(void)err;
	if (whole && store_may_sweep(whole))
		*ARENA_PUSH(scan->arena, scan->unfinished.items, scan->unfinished.count) =
		    (struct unfinished){whole, path, is_abandoned(path, info)};
	return true;
}

static bool directory_store_unfinished(struct store *store, struct arena *arena, struct unfinished_list *out,
                                       struct error *err)
{
	struct scan scan = {.visit = visit_partial, .arena = arena};

	if (!scan_store(&scan, store, err))
		return false;
	*out = scan.unfinished;
	return true;
}

static bool directory_store_give_up(struct store *store, const struct unfinished *item, struct error *err)
{
	(void)store;
	return unlink(item->handle) == 0 || errno == ENOENT ||
	       error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", item->handle);
}

const struct store_kind store_directory = {
    .open = directory_store_open,
    .is_unmade = directory_store_is_unmade,
    .put = directory_store_put,
    .get = directory_store_get,
    .descriptor = directory_store_descriptor,
    .list = directory_store_list,
    .remove = directory_store_remove,
    .unfinished = directory_store_unfinished,
    .give_up = directory_store_give_up,
};
