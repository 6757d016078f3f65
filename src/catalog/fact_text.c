#include "catalog/fact_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "catalog/and_chain.h"
#include "catalog/array_cast.h"
#include "catalog/extract_field.h"
#include "catalog/item_list.h"

/* The user's own text, letter by letter. */
static const char *const verbatim[] = {"body",    "settings", "labels", "foreign_options",
                                       "comment", "grants",   NULL};

static const char *const unordered[] = {"options", "toast_options", "tags", "publications", NULL};

static int compare_items(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *sorted(struct arena *arena, const char *list)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(list);
	struct str item;
	char **items = NULL;
	size_t count = 0;

	while (item_list_next(&rest, &item))
		*ARENA_PUSH(arena, items, count) = str_copy(arena, item);
	qsort(items, count, sizeof(*items), compare_items);
	for (size_t i = 0; i < count; i++)
		buffer_printf(&out, "%s%s", i ? ", " : "", items[i]);
	return buffer_cstr(&out);
}

const char *fact_text_settle(struct arena *arena, const char *name, const char *text)
{
	if (!text || str_is_among(str_of(name), verbatim))
		return text;
	if (str_is_among(str_of(name), unordered))
		return strchr(text, ',') ? sorted(arena, text) : text;
	return extract_field_settle(arena, and_chain_settle(arena, array_cast_settle(arena, text)));
}
