#include "base/arena.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

TEST(rewinding_an_arena_gives_back_what_came_after_the_mark)
{
	scoped_arena struct arena arena = {0};
	const char *kept = arena_strdup(&arena, "kept");
	const struct arena_mark mark = arena_mark(&arena);

	for (int i = 0; i < 100; i++)
		arena_alloc(&arena, 10000);
	arena_rewind(&arena, mark);
	CHECK_STR(kept, "kept");
	CHECK(arena.newest == mark.block);
	CHECK(arena_mark(&arena).used == mark.used);
}

TEST(pushed_items_survive_growing)
{
	scoped_arena struct arena arena = {0};
	int *items = NULL;
	size_t count = 0;

	for (int i = 0; i < 1000; i++)
		*ARENA_PUSH(&arena, items, count) = i;
	CHECK(count == 1000);
	for (int i = 0; i < 1000; i++)
		CHECK(items[i] == i);
}

TEST(buffers_grow_and_stay_terminated)
{
	scoped_arena struct arena arena = {0};
	struct buffer buffer = {.arena = &arena};

	CHECK_STR(buffer_cstr(&buffer), "");
	for (int i = 0; i < 1000; i++)
		buffer_printf(&buffer, "%d,", i % 10);
	CHECK(strlen(buffer_cstr(&buffer)) == 2000);
}

TEST(arena_prints_into_what_is_left_of_a_block_and_into_a_new_one)
{
	scoped_arena struct arena arena = {0};
	char expected[64];
	const char *texts[200];

	for (int i = 0; i < 200; i++)
		texts[i] = arena_printf(&arena, "%d:%*s", i, i % 40, "x");
	for (int i = 0; i < 200; i++) {
		const char *zeros = arena_alloc(&arena, 100);

		snprintf(expected, sizeof(expected), "%d:%*s", i, i % 40, "x");
		CHECK_STR(texts[i], expected);
		for (int at = 0; at < 100; at++)
			CHECK_INT(zeros[at], 0);
	}
	CHECK_INT(strlen(arena_printf(&arena, "%*s", 100000, "x")), 100000);
}
