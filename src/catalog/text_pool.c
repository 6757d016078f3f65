#include "catalog/text_pool.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_SIZE = 256, LONGEST = 64 };

static uint64_t hash_of(const char *text, size_t len)
{
	uint64_t hash = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
	return hash ^ hash >> 32;
}

static const char **place_of(const struct text_pool *pool, const char *text)
{
	size_t i = hash_of(text, strlen(text)) & (pool->size - 1);

	while (pool->texts[i] && strcmp(pool->texts[i], text) != 0)
		i = (i + 1) & (pool->size - 1);
	return &pool->texts[i];
}

static void grow(struct text_pool *pool)
{
	const struct text_pool old = *pool;

	pool->size = old.size ? 2 * old.size : FIRST_SIZE;
	pool->texts = arena_array(pool->scratch, const char *, pool->size);
	for (size_t i = 0; i < old.size; i++)
		if (old.texts[i])
			*place_of(pool, old.texts[i]) = old.texts[i];
}

const char *text_pool_keep(struct text_pool *pool, const char *text)
{
	const size_t len = text ? strlen(text) : 0;

	if (!text || len > LONGEST)
		return text ? arena_strndup(pool->arena, text, len) : NULL;
	if (2 * (pool->count + 1) > pool->size)
		grow(pool);
	const char **place = place_of(pool, text);
	if (!*place) {
		*place = arena_strndup(pool->arena, text, len);
		pool->count++;
	}
	return *place;
}
