/*
 * file_cache.h - small files that were read once in a run
 *
 * A run looks into its files before the first of them is run, and reads them
 * again when they run. What fits into the cache is kept meanwhile, so that
 * what runs is what was looked into and vouched for, to the byte.
 */
#ifndef RUNG_SQL_FILE_CACHE_H
#define RUNG_SQL_FILE_CACHE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/scope.h"
#include "base/str.h"

struct cached_file {
	const char *path; /* as it was asked for, by address: anyone who asks must have the same text */
	const char *real; /* with all links resolved */
	struct str text;
};

enum { FILE_CACHE_PLACES = 8192 };

/* Zeroed, it is empty. */
struct file_cache {
	struct arena arena;
	struct cached_file *items;
	size_t count;
	size_t size;                        /* of what lies on it, in bytes */
	uint16_t places[FILE_CACHE_PLACES]; /* where each is among the items, from 1; found by its path */
};

/* NULL where it is not there. */
const struct cached_file *file_cache_find(struct file_cache *cache, const char *path);

/* Copies text and `real`, unless that is too much. `path` has to stay where it is. */
void file_cache_put(struct file_cache *cache, const char *path, const char *real, struct str text);

void file_cache_clear(struct file_cache *cache);
#define scoped_file_cache SCOPED(file_cache_clear)

#endif
