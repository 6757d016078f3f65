#include "catalog/address_map.h"

#include "test.h"

TEST(address_map_follows_parts_to_their_object)
{
	scoped_arena struct arena arena = {0};
	struct address_map map = {.arena = &arena};
	struct object table = {0};
	const struct catalog_address whole = {CLASS_RELATION, 20000, 0};
	const struct catalog_address type = {CLASS_TYPE, 20001, 0};
	const struct catalog_address array = {CLASS_TYPE, 20002, 0};
	const struct catalog_address column = {CLASS_RELATION, 20000, 3};

	CHECK(!address_map_resolve(&map, whole));
	CHECK(address_map_add(&map, &(struct address_entry){array, NULL, type}));
	CHECK(address_map_add(&map, &(struct address_entry){type, NULL, whole}));
	CHECK(!address_map_resolve(&map, array));
	CHECK(address_map_add(&map, &(struct address_entry){whole, &table, {0}}));
	CHECK(!address_map_add(&map, &(struct address_entry){whole, NULL, type}));
	CHECK(address_map_resolve(&map, array) == &table);
	CHECK(address_map_resolve(&map, column) == &table);
	CHECK(!address_map_find(&map, column));
}

TEST(address_map_grows_and_ends_circles)
{
	scoped_arena struct arena arena = {0};
	struct address_map map = {.arena = &arena};
	static struct object objects[5000];

	for (uint32_t i = 0; i < 5000; i++)
		CHECK(
		    address_map_add(&map, &(struct address_entry){{CLASS_FUNCTION, 16384 + i, 0}, &objects[i], {0}}));
	for (uint32_t i = 0; i < 5000; i++)
		CHECK(address_map_resolve(&map, (struct catalog_address){CLASS_FUNCTION, 16384 + i, 0}) ==
		      &objects[i]);
	const struct catalog_address a = {CLASS_TYPE, 1, 0};
	const struct catalog_address b = {CLASS_TYPE, 2, 0};
	CHECK(address_map_add(&map, &(struct address_entry){a, NULL, b}));
	CHECK(address_map_add(&map, &(struct address_entry){b, NULL, a}));
	CHECK(!address_map_resolve(&map, a));
}
