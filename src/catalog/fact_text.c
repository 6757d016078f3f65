/*
 * Lists are those that the queries join by ", ", in the order in which the server keeps them. Items are cut
 * at each comma outside of quotes; where the value of a parameter has one, both sides are cut alike.
 */
#include "catalog/fact_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "catalog/and_chain.h"
#include "catalog/array_cast.h"
#include "catalog/extract_field.h"

/* The user's own text, letter by letter. */
static const char *const verbatim[] = {"body",    "settings", "labels", "foreign_options",
                                       "comment", "grants",   NULL};

static const char *const unordered[] = {"options", "toast_options", "tags", "publications", NULL};

static size_t item_length(struct str text)
{
	char quote = '\0';

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.text[i];

		if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == ',')
			return i;
	}
	return text.len;
}

static int compare_items(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *sorted(struct arena *arena, const char *list)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(list);
	char **items = NULL;
	size_t count = 0;

	while (rest.len) {
		const size_t length = item_length(rest);

		*ARENA_PUSH(arena, items, count) = str_copy(arena, str_trim(str_slice(rest, 0, length)));
		rest = str_slice(rest, length + 1, rest.len);
	}
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
