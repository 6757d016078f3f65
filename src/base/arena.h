/*
 * arena.h - memory by lifetime
 *
 * An arena is a pile of blocks that is released as a whole: the command's, or
 * a step's, rewound after each migration. What lies on it is zeroed, aligned
 * for any type and never freed by itself. When memory runs out the process
 * ends here with exit code 5, so nobody else checks for it.
 *
 * A zeroed struct is an empty arena.
 */
#ifndef RUNG_BASE_ARENA_H
#define RUNG_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attribute.h"
#include "base/scope.h"

struct arena_block;

struct arena {
	struct arena_block *newest;
};

/* A place to return to; what was allocated after it is released. */
struct arena_mark {
	struct arena_block *block;
	size_t used;
};

/* Says so and ends the process: for anyone who cannot do without memory that is not to be had. */
_Noreturn void die_out_of_memory(void);

void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);

struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

void arena_clear(struct arena *arena);
#define scoped_arena SCOPED(arena_clear)

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))

/*
 * Grows a list by one and yields its new last element, zeroed:
 *
 *	*ARENA_PUSH(arena, list->items, list->count) = item;
 *
 * Capacity is derived from the count (powers of two), so a list is just a
 * pointer and a count; it must only ever grow through this.
 */
#define ARENA_PUSH(arena, items, count)                                    \
	({                                                                     \
		(items) = arena_grow((arena), (items), (count), sizeof(*(items))); \
		&(items)[(count)++];                                               \
	})
void *arena_grow(struct arena *arena, void *items, size_t count, size_t item_size);

#endif
