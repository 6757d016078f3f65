/*
 * An arena is a list of malloc()ed blocks, the newest first, and an allocation is a pointer that moves on.
 * Blocks begin small and double up to a limit, so that an arena with one name on it takes a kilobyte and
 * one that holds a large tree does not call malloc() for every few of its files. What needs more than that
 * gets a block of its own size.
 *
 * Memory is zeroed when it is handed out, not when its block is made. A rewound block is used again, and
 * arena_vprintf() writes into the free end of a block before it knows whether its text fits: calloc() in
 * push_block() would not be enough.
 *
 * Rewinding frees whatever lies after the mark, a list included that began before the mark and was moved
 * when it grew. What is to live longer belongs on an arena that lives longer.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Blocks double from small to large: there may be a thousand arenas with one
 * little migration each, or one with ten thousand.
 */
enum { FIRST_BLOCK_SIZE = 1024, LARGEST_BLOCK_SIZE = 64 * 1024, EXIT_NO_MEMORY = 5 };

/* Every size is rounded up to max_align_t, so `used` is always aligned, and so is what comes next. */
struct arena_block {
	struct arena_block *older;
	size_t size; /* bytes usable in memory[] */
	size_t used;
	alignas(max_align_t) unsigned char memory[];
};

/* _Exit(): what runs at an ordinary exit might allocate again. The code is that of ERROR_STORAGE. */
_Noreturn void die_out_of_memory(void)
{
	fputs("rung: out of memory\n", stderr);
	_Exit(EXIT_NO_MEMORY);
}

static size_t next_block_size(const struct arena *arena)
{
	const size_t size = arena->newest ? 2 * arena->newest->size : FIRST_BLOCK_SIZE;

	return size > LARGEST_BLOCK_SIZE ? LARGEST_BLOCK_SIZE : size;
}

static void push_block(struct arena *arena, size_t needed)
{
	const size_t usual = next_block_size(arena);
	const size_t size = needed > usual ? needed : usual;
	struct arena_block *block = NULL;

	if (size > SIZE_MAX - sizeof(*block) || !(block = malloc(sizeof(*block) + size)))
		die_out_of_memory();
	*block = (struct arena_block){.older = arena->newest, .size = size};
	arena->newest = block;
}

static size_t aligned(size_t size)
{
	const size_t alignment = alignof(max_align_t);

	if (size > SIZE_MAX - alignment)
		die_out_of_memory();
	return (size + alignment - 1) & ~(alignment - 1);
}

/* False where the block has too little left. */
static bool take(struct arena_block *block, size_t size)
{
	size = aligned(size);
	if (!block || block->size - block->used < size)
		return false;
	block->used += size;
	return true;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size = aligned(size);
	if (!take(arena->newest, size)) {
		push_block(arena, size);
		arena->newest->used = size;
	}
	void *memory = arena->newest->memory + arena->newest->used - size;
	return size ? memset(memory, 0, size) : memory;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

/* Most texts fit into what is left of the block, where they are written at once and then taken. */
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	struct arena_block *block = arena->newest;
	char *here = block ? (char *)block->memory + block->used : NULL;
	const size_t room = block ? block->size - block->used : 0;
	va_list again;

	va_copy(again, args);
	const int len = vsnprintf(here, room, format, again);
	va_end(again);
	if (len < 0)
		die_out_of_memory();
	if ((size_t)len < room && take(block, (size_t)len + 1))
		return here;
	char *text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){arena->newest, arena->newest ? arena->newest->used : 0};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
	while (arena->newest != mark.block) {
		struct arena_block *older = arena->newest->older;

		free(arena->newest);
		arena->newest = older;
	}
	if (arena->newest)
		arena->newest->used = mark.used;
}

void arena_clear(struct arena *arena)
{
	arena_rewind(arena, (struct arena_mark){0});
}

/*
 * ARENA_PUSH keeps no capacity: there is room for as many as the next power of two, and at each one the
 * list moves. What it was before stays behind on the arena until that is rewound, at most as much again.
 */
static bool is_power_of_two(size_t count)
{
	return (count & (count - 1)) == 0;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t item_size)
{
	if (!is_power_of_two(count))
		return items;
	if (count > SIZE_MAX / 2 / item_size)
		die_out_of_memory();

	void *grown = arena_alloc(arena, (count ? 2 * count : 1) * item_size);
	return count ? memcpy(grown, items, count * item_size) : grown;
}
