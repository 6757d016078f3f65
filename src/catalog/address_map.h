/*
 * address_map.h - objects by where the server keeps them
 *
 * An entry is an object, or a row of a catalog that is a part of something
 * else, of which only the address is known: the row type of a table, the
 * trigger behind a foreign key.
 */
#ifndef RUNG_CATALOG_ADDRESS_MAP_H
#define RUNG_CATALOG_ADDRESS_MAP_H

#include "catalog/catalog.h"

struct address_entry {
	struct catalog_address address; /* class 0: empty */
	struct object *object;          /* or NULL: */
	struct catalog_address into;    /* what it is a part of */
};

struct address_map {
	struct arena *arena; /* set by the owner */
	struct address_entry *entries;
	size_t size; /* a power of two, or 0 */
	size_t count;
};

size_t catalog_address_hash(struct catalog_address address);

/* The first entry of an address stays; false where there was one. */
bool address_map_add(struct address_map *map, const struct address_entry *entry);
const struct address_entry *address_map_find(const struct address_map *map, struct catalog_address address);

/* The object that has this address, or of which it is a part, as far as that is known; or NULL. */
struct object *address_map_resolve(const struct address_map *map, struct catalog_address address);

#endif
