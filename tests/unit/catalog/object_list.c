/* What is kept comes back as it was, or not at all. */
#include "catalog/object_list.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

enum { MOST_OBJECTS = 8 };

/* "table a.t 1;column a.t.b 2": a kind, an identity, and what its comment is. */
static struct object_list list_of(const char *text, struct arena *arena)
{
	struct object *objects[MOST_OBJECTS];
	struct catalog catalog = {.objects = objects, .self = "me"};
	struct object_list list;
	struct str rest = str_of(text);
	struct str item;

	while (str_split_next(&rest, ';', &item)) {
		struct str word;
		struct object *object = arena_new(arena, struct object);

		CHECK(str_split_next(&item, ' ', &word));
		object->kind = object_kind_find(str_copy(arena, word));
		CHECK(str_split_next(&item, ' ', &word));
		object->identity = str_copy(arena, word);
		object->comment = str_copy(arena, item);
		objects[catalog.count++] = object;
	}
	object_list_make(&catalog, PARTS_USUAL, NULL, arena, &list);
	return list;
}

static const char *moves_text(const struct object_moves *moves, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < moves->count; i++)
		text =
		    arena_printf(arena, "%s%s%s %s %s", text, i ? ", " : "", object_move_name(moves->items[i].move),
		                 moves->items[i].kind->name, moves->items[i].identity);
	return text;
}

#define FIRST "schema a 1;table a.t 1;table a.u 1;column a.t.b 1;column a.t.c 1"

TEST(object_lists_are_compared_by_kind_and_identity)
{
	static const struct {
		const char *now;
		const char *moves;
	} rows[] = {
	    {FIRST, ""},
	    {"", "removed schema a, removed table a.t, removed table a.u, removed column a.t.b, removed column "
	         "a.t.c"},
	    {"schema a 1;table a.t 1;table a.u 2;column a.t.b 1;column a.t.c 1", "changed table a.u"},
	    {"schema a 1;table a.t 1;table a.t2 1;column a.t.b 1;column a.t.c 1",
	     "added table a.t2, removed table a.u"},
	    {FIRST ";index a.t 1", "added index a.t"},
	    {"schema a 1;table a.t 1;table a.u 1;column a.t.b 1;index a.t 1",
	     "removed column a.t.c, added index a.t"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct object_list now = list_of(rows[i].now, &arena);
		const struct object_list first = list_of(FIRST, &arena);
		struct object_list before;
		struct object_moves moves;
		struct error err = {0};

		CHECK_ROW(i, object_list_decode(object_list_encode(&first, &arena), &arena, &before, &err));
		object_list_compare(&before, &now, &arena, &moves);
		if (strcmp(moves_text(&moves, &arena), rows[i].moves) != 0)
			fail_msg("row %zu: %s", i, moves_text(&moves, &arena));
		CHECK_ROW(i, (moves.count == 0) == (memcmp(first.fingerprint, now.fingerprint, DIGEST_SIZE) == 0));
	}
}

TEST(object_list_that_was_cut_is_none)
{
	scoped_arena struct arena arena = {0};
	const struct object_list first = list_of(FIRST, &arena);
	const struct str bytes = object_list_encode(&first, &arena);
	struct object_list list;
	struct error err = {0};

	for (size_t len = 0; len < bytes.len; len++) {
		/* Ends where a kind ends are ends. */
		const bool is_read = object_list_decode(str_slice(bytes, 0, len), &arena, &list, &err);

		CHECK_ROW(len, !is_read || list.count == 0 || list.count == 1 || list.count == 3);
	}
}

/* Each byte, changed in every bit: read or refused, and what is read is in order. */
TEST(object_list_of_any_bytes_is_in_order_or_none)
{
	scoped_arena struct arena arena = {0};
	const struct object_list first = list_of(FIRST, &arena);
	const struct str bytes = object_list_encode(&first, &arena);

	for (size_t i = 0; i < 8 * bytes.len; i++) {
		scoped_arena struct arena scratch = {0};
		char *copy = arena_strndup(&scratch, bytes.text, bytes.len);
		struct object_list list;
		struct error err = {0};

		memcpy(copy, bytes.text, bytes.len);
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << (i % 8)));
		if (!object_list_decode((struct str){copy, bytes.len}, &scratch, &list, &err))
			continue;
		for (size_t j = 1; j < list.count; j++)
			CHECK_ROW(i, list.items[j - 1].kind < list.items[j].kind ||
			                 strcmp(list.items[j - 1].identity, list.items[j].identity) <= 0);
	}
}

/* The owner of a copy who looks at it is the same as the owner of the first who looked. */
TEST(object_list_takes_another_role_for_itself)
{
	scoped_arena struct arena arena = {0};
	struct object table = {.kind = &object_kinds[OBJECT_TABLE], .identity = "a.t", .owner = "you"};
	struct object *objects[] = {&table};
	const struct catalog catalog = {.objects = objects, .count = 1, .self = "me"};
	struct object_list mine, yours, theirs;

	object_list_make(&catalog, PARTS_USUAL, NULL, &arena, &mine);
	object_list_make(&catalog, PARTS_USUAL, "you", &arena, &yours);
	table.owner = "me";
	object_list_make(&catalog, PARTS_USUAL, NULL, &arena, &theirs);
	CHECK(memcmp(mine.fingerprint, yours.fingerprint, DIGEST_SIZE) != 0);
	CHECK(memcmp(yours.fingerprint, theirs.fingerprint, DIGEST_SIZE) == 0);
}
