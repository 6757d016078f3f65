/*
 * What was proven must be what is restored, and between the two somebody may write to the file. A hash of
 * the whole would tell only after pg_restore has been handed the changed bytes; so each piece of 1 MiB
 * has its own digest, taken at the first reading and compared before the piece leaves a second time. That
 * costs 32 bytes for each MiB.
 *
 * The manifest's hash does not replace this: files of others have none, and it, too, is known only at the
 * end.
 *
 * An object of a remote store is copied, still encrypted, into a file without a name. One in a directory
 * is read where it lies, which saves the room and the time of a copy.
 */
#include "backup/restore/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scratch.h"
#include "stream/progress.h"

enum { PIECE_SIZE = 1024 * 1024 }; /* so many chunks that decrypting can be shared */

struct spool {
	int fd;
	const char *name;
	int64_t size;
	struct arena *arena;
	char *chunk;
	bool is_read; /* to its end, at least once */
	struct piece_digest {
		uint8_t sha256[DIGEST_SIZE];
	} * pieces; /* as they were read first */
	size_t count;
};

static struct spool *new_spool(struct arena *arena, int fd, const char *name)
{
	struct spool *spool = arena_new(arena, struct spool);

	*spool = (struct spool){.fd = fd, .name = name, .arena = arena, .chunk = arena_alloc(arena, PIECE_SIZE)};
	return spool;
}

void spool_close(struct spool **spool)
{
	if (*spool)
		fd_clear(&(*spool)->fd);
	*spool = NULL;
}

int64_t spool_size(const struct spool *spool)
{
	return spool->size;
}

/* --- fetching --------------------------------------------------------- */

static bool compare(const struct tally *tally, const struct backup_entry *entry, struct error *err)
{
	const struct manifest *manifest = &entry->manifest;

	if ((int64_t)tally->size != manifest->object.size)
		return error_set(err, ERROR_STORAGE,
		                 "backup %s is damaged: %llu bytes instead of the %lld in its manifest", entry->id,
		                 tally->size, (long long)manifest->object.size);
	if (strcmp(tally->sha256, manifest->object.sha256) != 0)
		return error_set(err, ERROR_STORAGE, "backup %s is damaged: its checksum does not match the manifest",
		                 entry->id);
	return true;
}

/* Reads the object through a tally into `end`, which it owns. */
static bool read_through(struct store *store, const struct backup_entry *entry, const char *verb,
                         struct sink *end, struct reporter *reporter, struct error *err)
{
	struct tally tally = {0};
	struct progress progress = {
	    .verb = verb, .expected_size = entry->manifest.object.size, .is_limit = true, .reporter = reporter};
	scoped_sink struct sink *sink = progress_open(&progress, tally_open(&tally, end));

	return store_get(store, entry->manifest.object.key, sink, err) && compare(&tally, entry, err);
}

bool spool_check(struct store *store, const struct backup_entry *entry, struct reporter *reporter,
                 struct error *err)
{
	return read_through(store, entry, "reading", NULL, reporter, err);
}

static bool copy_object(struct store *store, const struct backup_entry *entry, struct reporter *reporter,
                        struct arena *arena, struct spool **out, struct error *err)
{
	int fd;

	if (!scratch_open(entry->manifest.object.size, &fd, err))
		return error_context(err, "while fetching the backup");
	scoped_spool struct spool *spool = new_spool(arena, fd, entry->id);
	spool->size = entry->manifest.object.size;
	if (!read_through(store, entry, "fetching", descriptor_open(fd, "a temporary file"), reporter, err))
		return false;
	*out = TAKE(spool);
	return true;
}

bool spool_fetch(struct store *store, const struct backup_entry *entry, struct reporter *reporter,
                 struct arena *arena, struct spool **out, struct error *err)
{
	const int fd = store_descriptor(store, entry->manifest.object.key);

	if (fd < 0)
		return copy_object(store, entry, reporter, arena, out, err);
	scoped_spool struct spool *spool = new_spool(arena, fd, entry->id);
	spool->size = entry->manifest.object.size;
	if (!spool_compare(spool, entry, reporter, err))
		return false;
	*out = TAKE(spool);
	return true;
}

/* O_NONBLOCK: opening a named pipe would otherwise wait for somebody to write to it. */
bool spool_open_file(const char *path, struct arena *arena, struct spool **out, struct error *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;

	if (fd < 0)
		return error_set(err, ERROR_STORAGE, "could not read \"%s\": %m", path);
	scoped_spool struct spool *spool = new_spool(arena, fd, path);
	if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
		error_set(err, ERROR_STORAGE, "cannot restore from \"%s\": it is not a regular file", path);
		return S_ISDIR(info.st_mode)
		           ? error_hint(err, "For a directory of pg_dump -Fd use pg_restore itself.")
		           : false;
	}
	spool->size = (int64_t)info.st_size;
	*out = TAKE(spool);
	return true;
}

/* --- pushing ---------------------------------------------------------- */

/* A whole piece, or what is left; empty at the end. */
static bool read_piece(struct spool *spool, size_t index, struct str *out, struct error *err)
{
	size_t len = 0;

	while (len < PIECE_SIZE) {
		const ssize_t got =
		    pread(spool->fd, spool->chunk + len, PIECE_SIZE - len, (off_t)(index * PIECE_SIZE + len));

		if (got < 0 && errno != EINTR)
			return error_set(err, ERROR_STORAGE, "could not read \"%s\": %m", spool->name);
		if (!interrupt_check(err))
			return false;
		if (got == 0)
			break;
		len += got > 0 ? (size_t)got : 0;
	}
	*out = (struct str){spool->chunk, len};
	return true;
}

static bool refuse_change(const struct spool *spool, struct error *err)
{
	return error_set(err, ERROR_STORAGE, "\"%s\" was changed while it was in use", spool->name);
}

/* Before the piece is passed on: nothing of a changed one may leave. */
static bool is_as_before(struct spool *spool, size_t index, struct str piece, struct error *err)
{
	struct piece_digest digest = {0};

	digest_of(piece, digest.sha256);
	if (!spool->is_read)
		*ARENA_PUSH(spool->arena, spool->pieces, spool->count) = digest;
	return (index < spool->count && memcmp(&digest, &spool->pieces[index], sizeof(digest)) == 0) ||
	       refuse_change(spool, err);
}

static bool push(struct spool *spool, bool is_compared, struct sink *into, struct error *err)
{
	struct str piece = STR("");

	for (size_t i = 0;; i++) {
		if (!read_piece(spool, i, &piece, err))
			return false;
		if (piece.len == 0 && spool->is_read && i < spool->count)
			return refuse_change(spool, err);
		if (piece.len == 0)
			break;
		if ((is_compared && !is_as_before(spool, i, piece, err)) || !sink_write(into, piece, err))
			return false;
	}
	spool->is_read = is_compared;
	return sink_finish(into, err);
}

bool spool_push(struct spool *spool, struct sink *into, struct error *err)
{
	return push(spool, true, into, err);
}

bool spool_push_once(struct spool *spool, struct sink *into, struct error *err)
{
	return push(spool, false, into, err);
}

bool spool_compare(struct spool *spool, const struct backup_entry *entry, struct reporter *reporter,
                   struct error *err)
{
	struct tally tally = {0};
	struct progress progress = {.verb = "reading", .expected_size = spool->size, .reporter = reporter};
	scoped_sink struct sink *sink = progress_open(&progress, tally_open(&tally, NULL));

	return spool_push(spool, sink, err) && compare(&tally, entry, err);
}
