/*
 * shelf.h - small files that were read once in a run
 *
 * A run looks into its files before the first of them is run, and reads them
 * again when their turn comes. What fits on the shelf is kept meanwhile, so that
 * what runs is what was looked into and vouched for, to the byte.
 */
#ifndef RUNG_SQL_SHELF_H
#define RUNG_SQL_SHELF_H

#include <stdint.h>

#include "base/arena.h"
#include "base/scope.h"
#include "base/str.h"

struct shelved {
	const char *path; /* as it was asked for, by address: whoever asks must have the same text */
	const char *real; /* with all links resolved */
	struct str text;
};

enum { SHELF_PLACES = 8192 };

/* Zeroed, it is empty. */
struct shelf {
	struct arena arena;
	struct shelved *items;
	size_t count;
	size_t size;                   /* of what lies on it, in bytes */
	uint16_t places[SHELF_PLACES]; /* where each is among the items, from 1; found by its path */
};

/* NULL where it is not there. */
const struct shelved *shelf_find(struct shelf *shelf, const char *path);

/* Copies text and `real`, unless that is too much. `path` has to stay where it is. */
void shelf_put(struct shelf *shelf, const char *path, const char *real, struct str text);

void shelf_clear(struct shelf *shelf);
#define scoped_shelf SCOPED(shelf_clear)

#endif
