/*
 * store.h - where backups are kept
 *
 * A directory, S3-compatible object storage, or a server that takes HTTPS PUT.
 * One table in store.c chooses by the URL: "/var/backups", "file:///...",
 * "s3://bucket/prefix", "https://host/path/". An object is visible under its
 * name only when it is complete.
 */
#ifndef RUNG_STORE_STORE_H
#define RUNG_STORE_STORE_H

#include <stdint.h>

#include "base/arena.h"
#include "report/event.h"
#include "stream/stream.h"

struct store;

struct stored_object {
	const char *name; /* below the store's prefix, such as "inventory/20261120T231500Z-1a2b3c4d.json" */
	uint64_t size;
	int64_t modified_s; /* seconds since 1970 */
};

struct object_list {
	struct stored_object *items; /* by name */
	size_t count;
};

struct store_options {
	const char *url;
	bool will_write;        /* make sure beforehand that it can be written; needs no right to read */
	uint64_t expected_size; /* of what will be written; chooses the part size. 0 for unknown */
	uint64_t
	    likely_size; /* of what it will take; a directory refuses where not half of it is free. 0: unknown */
	int64_t patience_ms; /* a transfer that stands still this long is tried again; 0 for a minute */
	int64_t retry_ms; /* longest wait before the second try, doubled for each further; 0 for half a second */
	struct reporter *reporter; /* hears of every try that is made again; NULL: nobody does */
};

/*
 * Checks the settings; reads secrets and what else a store needs from the
 * environment (docs/stores.md). With `will_write` a directory is made when it
 * is missing (that is said) and asked for its space, and an object store is asked to begin an upload.
 */
MUST_USE bool store_open(const struct store_options *options, struct store **out, struct error *err);
void store_close(struct store **store);
#define scoped_store SCOPED(store_close)

/*
 * Whether it looks like a URL that was mistyped ("s3:/x", "https//host") or a
 * path that a shell was to expand ("~/x"): store_open() refuses those.
 */
bool store_is_mistyped(const char *url);

/* The URL without any secret, for messages. */
const char *store_name(const struct store *store);

/* A directory that is not there yet: the first backup makes it. Looked into, it is empty. */
bool store_is_unmade(const struct store *store);

/* From now on nothing is tried twice: for last words after a failure. */
void store_hurry(struct store *store);

/* How far the store's clock is ahead of ours; false where it has none, or has not spoken yet. */
bool store_clock(struct store *store, int64_t *ahead_s);

/*
 * A sink that becomes the object `name` when finished; refuses to replace one
 * (object storage: where the server knows how to refuse).
 */
MUST_USE bool store_put(struct store *store, const char *name, struct sink **out, struct error *err);

/* Pushes the object into `into` and finishes it. */
MUST_USE bool store_get(struct store *store, const char *name, struct sink *into, struct error *err);

/*
 * Whether the last store_get() failed because there is no such object, by the
 * store's own word (ENOENT, 404). Any other failure says nothing about that:
 * a store that does not answer, or "access denied".
 */
bool store_has_none(const struct store *store);

/*
 * Of the object's file, which the caller closes; -1 where there is none to be read at leisure: get it then.
 */
int store_descriptor(struct store *store, const char *name);

MUST_USE bool store_list(struct store *store, const char *prefix, struct arena *arena,
                         struct object_list *out, struct error *err);

/*
 * Removing what is not there succeeds. `*retained_until` is filled when the
 * store only hides it until then (object lock, old versions), else NULL.
 */
MUST_USE bool store_remove(struct store *store, const char *name, struct arena *arena,
                           const char **retained_until, struct error *err);

/* What somebody began to write and has not finished; of names that backups have. */
struct unfinished {
	const char *name; /* of the object it would have become */
	const char *handle;
	bool is_abandoned; /* older than a day, or its writer is known to be gone */
};

struct unfinished_list {
	struct unfinished *items;
	size_t count;
};

MUST_USE bool store_unfinished(struct store *store, struct arena *arena, struct unfinished_list *out,
                               struct error *err);

/* Removes what is abandoned of it. */
MUST_USE bool store_sweep(struct store *store, size_t *removed, struct error *err);

#endif
