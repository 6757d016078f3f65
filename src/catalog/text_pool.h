/*
 * text_pool.h - each short text once
 *
 * The names of types, owners and attributes come thousands of times over; a
 * long text rarely does, and is copied as it comes.
 */
#ifndef RUNG_CATALOG_TEXT_POOL_H
#define RUNG_CATALOG_TEXT_POOL_H

#include "base/arena.h"

struct text_pool {
	struct arena *arena;   /* where the texts lie; set by the owner */
	struct arena *scratch; /* where the table of them lies; set by the owner */
	const char **texts;
	size_t size; /* a power of two, or 0 */
	size_t count;
};

/* NULL for NULL. */
const char *text_pool_keep(struct text_pool *pool, const char *text);

#endif
