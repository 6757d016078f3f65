#include "catalog/fingerprint.h"

#include <string.h>

#include "test.h"

static struct catalog catalog_of(struct object **objects, size_t count)
{
	return (struct catalog){.objects = objects, .count = count, .self = "me"};
}

static bool is_same(struct object *a, struct object *b, int parts)
{
	struct object *objects[] = {a, b};
	struct catalog catalog = catalog_of(objects, 2);
	uint8_t digests[2][DIGEST_SIZE];

	object_digest(a, &catalog, parts, digests[0]);
	object_digest(b, &catalog, parts, digests[1]);
	return memcmp(digests[0], digests[1], DIGEST_SIZE) == 0;
}

TEST(object_digest_is_over_what_counts)
{
	static const struct attribute unlogged[] = {{"unlogged", "true"}};
	static const struct attribute shifted[] = {{"unloggedtrue", "x"}};
	static const struct attribute in_space[] = {{"tablespace", "fast"}};
	static struct grant grants[] = {{"", "SELECT", NULL}};
	struct object plain = {.kind = &object_kinds[OBJECT_TABLE], .identity = "a.t", .owner = "you"};
	struct object other = plain;

	other.identity = other.name = "b";
	CHECK(is_same(&plain, &other, PARTS_USUAL));
	other = plain;
	other.attributes = unlogged, other.attribute_count = 1;
	CHECK(!is_same(&plain, &other, PARTS_USUAL));
	struct object third = other;
	third.attributes = shifted;
	CHECK(!is_same(&other, &third, PARTS_USUAL));
	other.attributes = in_space;
	CHECK(is_same(&plain, &other, PARTS_USUAL));
	CHECK(!is_same(&plain, &other, PARTS_USUAL | PART_TABLESPACE));
	other = plain;
	other.comment = "c";
	CHECK(!is_same(&plain, &other, PARTS_USUAL));
	CHECK(is_same(&plain, &other, PARTS_USUAL & ~PART_COMMENT));
	other = plain;
	other.has_grants = true;
	CHECK(!is_same(&plain, &other, PARTS_USUAL));
	third = other;
	third.grants = grants, third.grant_count = 1;
	CHECK(!is_same(&other, &third, PARTS_USUAL));
	CHECK(is_same(&other, &third, PARTS_USUAL & ~PART_GRANTS));
	other = plain;
	other.owner = "@self";
	CHECK(!is_same(&plain, &other, PARTS_USUAL));
	third = plain;
	third.owner = "me";
	CHECK(is_same(&other, &third, PARTS_USUAL));
}

TEST(catalog_find_is_by_kind_and_identity)
{
	struct object view = {.kind = &object_kinds[OBJECT_VIEW], .identity = "a.b"};
	struct object table = {.kind = &object_kinds[OBJECT_TABLE], .identity = "a.b"};
	struct object later = {.kind = &object_kinds[OBJECT_TABLE], .identity = "a.c"};
	struct object *objects[] = {&table, &later, &view};
	const struct catalog catalog = catalog_of(objects, 3);

	CHECK(catalog_find(&catalog, OBJECT_TABLE, "a.b") == &table);
	CHECK(catalog_find(&catalog, OBJECT_TABLE, "a.c") == &later);
	CHECK(catalog_find(&catalog, OBJECT_VIEW, "a.b") == &view);
	CHECK(!catalog_find(&catalog, OBJECT_VIEW, "a.c"));
	CHECK(!catalog_find(&(struct catalog){0}, OBJECT_VIEW, "a.c"));
}
