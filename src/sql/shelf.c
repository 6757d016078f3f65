/*
 * Files of a few hundred bytes are what costs most to read again: four system calls each. A thousand of them
 * and their rollbacks fit; of larger ones only the first do, and the rest is read again.
 */
#include "sql/shelf.h"

#include <string.h>

enum { LARGEST_FILE = 4 * 1024, MOST_BYTES = 512 * 1024, MOST_FILES = SHELF_PLACES / 2 };

/* Its place, or the one where it would be: half of them stay empty. */
static uint16_t *find_place(struct shelf *shelf, const char *path)
{
	/* Paths lie on an arena, a few words apart. */
	size_t at = ((uintptr_t)path >> 4) % SHELF_PLACES;

	while (shelf->places[at] && shelf->items[shelf->places[at] - 1].path != path)
		at = (at + 1) % SHELF_PLACES;
	return &shelf->places[at];
}

const struct shelved *shelf_find(struct shelf *shelf, const char *path)
{
	const uint16_t place = *find_place(shelf, path);

	return place ? &shelf->items[place - 1] : NULL;
}

void shelf_put(struct shelf *shelf, const char *path, const char *real, struct str text)
{
	const size_t size = sizeof(struct shelved) + text.len + strlen(real);
	uint16_t *place = find_place(shelf, path);

	if (*place || text.len > LARGEST_FILE || shelf->size + size > MOST_BYTES || shelf->count == MOST_FILES)
		return;
	shelf->size += size;
	*ARENA_PUSH(&shelf->arena, shelf->items, shelf->count) =
	    (struct shelved){path, arena_strdup(&shelf->arena, real), {str_copy(&shelf->arena, text), text.len}};
	*place = (uint16_t)shelf->count;
}

void shelf_clear(struct shelf *shelf)
{
	arena_clear(&shelf->arena);
	*shelf = (struct shelf){0};
}
