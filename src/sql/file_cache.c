/*
 * Files of a few hundred bytes are what costs most to read again: four system calls each. A thousand of them
 * and their rollbacks fit; of larger ones only the first do, and the rest is read again.
 */
#include "sql/file_cache.h"

#include <string.h>

enum { LARGEST_FILE = 4 * 1024, MOST_BYTES = 512 * 1024, MOST_FILES = FILE_CACHE_PLACES / 2 };

/* Its place, or the one where it would be: half of them stay empty. */
static uint16_t *find_place(struct file_cache *cache, const char *path)
{
	/* Paths lie on an arena, a few words apart. */
	size_t at = ((uintptr_t)path >> 4) % FILE_CACHE_PLACES;

	while (cache->places[at] && cache->items[cache->places[at] - 1].path != path)
		at = (at + 1) % FILE_CACHE_PLACES;
	return &cache->places[at];
}

const struct cached_file *file_cache_find(struct file_cache *cache, const char *path)
{
	const uint16_t place = *find_place(cache, path);

	return place ? &cache->items[place - 1] : NULL;
}

void file_cache_put(struct file_cache *cache, const char *path, const char *real, struct str text)
{
	const size_t size = sizeof(struct cached_file) + text.len + strlen(real);
	uint16_t *place = find_place(cache, path);

	if (*place || text.len > LARGEST_FILE || cache->size + size > MOST_BYTES || cache->count == MOST_FILES)
		return;
	cache->size += size;
	*ARENA_PUSH(&cache->arena, cache->items, cache->count) = (struct cached_file){
	    path, arena_strdup(&cache->arena, real), {str_copy(&cache->arena, text), text.len}};
	*place = (uint16_t)cache->count;
}

void file_cache_clear(struct file_cache *cache)
{
	arena_clear(&cache->arena);
	*cache = (struct file_cache){0};
}
