/*
 * The longest common subsequence by its table, which is the textbook's way and takes rows times columns.
 * Objects of a schema are short, so that is little; where it is not (two function bodies of thousands of
 * lines) the table is not made, and all of one text is shown against all of the other. Myers' algorithm
 * would be linear in what differs, and more to get right than it is worth here.
 *
 * The first line is always shown, as it says which object this is; a difference in its tenth column would
 * otherwise belong to nothing.
 */
#include "catalog/difference.h"

#include <stdint.h>

enum {
	CONTEXT = 1,
	/* Beyond this the table of common lengths costs more than it tells. */
	MOST_CELLS = 4 * 1024 * 1024,
};

struct lines {
	struct str *items;
	size_t count;
};

struct mark {
	char sign;
	struct str line;
};

struct marks {
	struct mark *items;
	size_t count;
};

static struct lines cut(struct str text, struct arena *arena)
{
	struct lines lines = {0};
	struct str line;

	while (str_line_next(&text, &line))
		*ARENA_PUSH(arena, lines.items, lines.count) = line;
	return lines;
}

static void mark(struct marks *marks, struct arena *arena, char sign, struct str line)
{
	*ARENA_PUSH(arena, marks->items, marks->count) = (struct mark){sign, line};
}

/* common[i][j]: the most lines the rests from i and j on have in common, in order. */
static uint32_t *common_lengths(const struct lines *a, const struct lines *b, struct arena *arena)
{
	const size_t width = b->count + 1;
	uint32_t *common = arena_array(arena, uint32_t, (a->count + 1) * width);

	for (size_t i = a->count; i-- > 0;)
		for (size_t j = b->count; j-- > 0;) {
			const uint32_t skip_a = common[(i + 1) * width + j];
			const uint32_t skip_b = common[i * width + j + 1];
			const uint32_t longest = skip_a > skip_b ? skip_a : skip_b;

			common[i * width + j] =
			    str_equal(a->items[i], b->items[j]) ? common[(i + 1) * width + j + 1] + 1 : longest;
		}
	return common;
}

static void mark_all(const struct lines *a, const struct lines *b, struct arena *arena, struct marks *marks)
{
	for (size_t i = 0; i < a->count; i++)
		mark(marks, arena, '-', a->items[i]);
	for (size_t j = 0; j < b->count; j++)
		mark(marks, arena, '+', b->items[j]);
}

static void mark_differences(const struct lines *a, const struct lines *b, struct arena *arena,
                             struct marks *marks)
{
	const uint32_t *common = common_lengths(a, b, arena);
	const size_t width = b->count + 1;
	size_t i = 0;
	size_t j = 0;

	while (i < a->count || j < b->count) {
		if (i < a->count && j < b->count && str_equal(a->items[i], b->items[j])) {
			mark(marks, arena, ' ', a->items[i]);
			i++;
			j++;
		} else if (j == b->count ||
		           (i < a->count && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
			mark(marks, arena, '-', a->items[i++]);
		} else {
			mark(marks, arena, '+', b->items[j++]);
		}
	}
}

static bool is_shown(const struct marks *marks, size_t at)
{
	const size_t from = at > CONTEXT ? at - CONTEXT : 0;

	if (at == 0)
		return true;
	for (size_t i = from; i <= at + CONTEXT && i < marks->count; i++)
		if (marks->items[i].sign != ' ')
			return true;
	return false;
}

void difference_add(struct buffer *out, struct str before, struct str after)
{
	scoped_arena struct arena arena = {0};
	const struct lines a = cut(before, &arena);
	const struct lines b = cut(after, &arena);
	struct marks marks = {0};

	if ((a.count + 1) * (b.count + 1) > MOST_CELLS)
		mark_all(&a, &b, &arena, &marks);
	else
		mark_differences(&a, &b, &arena, &marks);
	for (size_t i = 0; i < marks.count; i++)
		if (is_shown(&marks, i) && marks.items[i].line.len > 0)
			buffer_printf(out, "%c %.*s\n", marks.items[i].sign, STR_ARGS(marks.items[i].line));
}
