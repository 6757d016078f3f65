#include "catalog/address_map.h"

#include <string.h>

/* Parts of parts of parts: the TOAST index of a table; longer chains there are none of. */
enum { FIRST_SIZE = 1024, MOST_STEPS = 16 };

size_t catalog_address_hash(struct catalog_address address)
{
	uint64_t hash = address.oid * UINT64_C(0x9E3779B97F4A7C15);

	hash ^= (address.sub + ((uint64_t)address.class << 16)) * UINT64_C(0xC2B2AE3D27D4EB4F);
	return (size_t)(hash ^ hash >> 29);
}

static bool is_same(struct catalog_address a, struct catalog_address b)
{
	return a.oid == b.oid && a.class == b.class && a.sub == b.sub;
}

/* Where it is, or would be. */
static struct address_entry *place_of(const struct address_map *map, struct catalog_address address)
{
	size_t i = catalog_address_hash(address) & (map->size - 1);

	while (map->entries[i].address.class && !is_same(map->entries[i].address, address))
		i = (i + 1) & (map->size - 1);
	return &map->entries[i];
}

static void grow(struct address_map *map)
{
	const struct address_map old = *map;

	map->size = old.size ? 2 * old.size : FIRST_SIZE;
	map->entries = arena_array(map->arena, struct address_entry, map->size);
	for (size_t i = 0; i < old.size; i++)
		if (old.entries[i].address.class)
			*place_of(map, old.entries[i].address) = old.entries[i];
}

bool address_map_add(struct address_map *map, const struct address_entry *entry)
{
	if (2 * (map->count + 1) > map->size)
		grow(map);
	struct address_entry *place = place_of(map, entry->address);
	if (place->address.class)
		return false;
	*place = *entry;
	map->count++;
	return true;
}

const struct address_entry *address_map_find(const struct address_map *map, struct catalog_address address)
{
	const struct address_entry *entry = map->size ? place_of(map, address) : NULL;

	return entry && entry->address.class ? entry : NULL;
}

/* Of what has no columns of its own here, such as an index, a column is the whole. */
static const struct address_entry *find_or_whole(const struct address_map *map,
                                                 struct catalog_address address)
{
	const struct address_entry *entry = address_map_find(map, address);

	if (entry || !address.sub)
		return entry;
	address.sub = 0;
	return address_map_find(map, address);
}

struct object *address_map_resolve(const struct address_map *map, struct catalog_address address)
{
	for (int i = 0; i < MOST_STEPS; i++) {
		const struct address_entry *entry = find_or_whole(map, address);

		if (!entry || entry->object)
			return entry ? entry->object : NULL;
		address = entry->into;
	}
	return NULL;
}
