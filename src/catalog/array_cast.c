/*
 * The text comes from the server's own printer, so its forms are few: one kind of cast, written one way, with
 * quotes and brackets that balance. That makes it safe to work on characters, outside of quotes, and to leave
 * alone whatever does not look exactly like "(ARRAY[...])::type[]".
 *
 * The rule is one-way on purpose. Both forms become the one that the server prints after a round trip and
 * then keeps, never the shorter one, so that a text that went through here is also what a restored database
 * prints. Elements are cut at commas outside of brackets: one may be a call or a row with commas of its own.
 */
#include "catalog/array_cast.h"

#include <string.h>

#include "base/buffer.h"
#include "catalog/printed_text.h"

#define OPENING "(ARRAY["

/* The type in "])::type[]", behind the elements; empty when something else follows. */
static struct str type_behind(const char *begin, const char *elements_end)
{
	const char *type = elements_end + strlen("])::");

	if (strncmp(elements_end, "])::", 4) != 0)
		return (struct str){0};
	const char *end = printed_find(begin, type, "[,)=<>;");
	return strncmp(end, "[]", 2) == 0 ? (struct str){type, (size_t)(end - type)} : (struct str){0};
}

static void add_elements(struct buffer *out, const char *begin, const char *c, const char *end,
                         struct str type)
{
	buffer_text(out, "ARRAY[");
	while (c < end) {
		const char *stop = printed_find(begin, c, ",]");

		buffer_char(out, '(');
		buffer_add(out, (struct str){c, (size_t)(stop - c)});
		buffer_text(out, ")::");
		buffer_add(out, type);
		c = stop;
		if (c < end) {
			buffer_text(out, ", ");
			c += strspn(c, ", ");
		}
	}
	buffer_char(out, ']');
}

/* Adds what begins at `c` and returns what is behind it. */
static const char *settle_one(struct buffer *out, const char *begin, const char *c)
{
	const char *elements = c + strlen(OPENING);
	const char *end = printed_find(begin, elements, "]");
	const struct str type = *end ? type_behind(begin, end) : (struct str){0};

	if (!type.len) {
		buffer_char(out, *c);
		return c + 1;
	}
	add_elements(out, begin, elements, end, type);
	return type.text + type.len + strlen("[]");
}

const char *array_cast_settle(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};

	if (!strstr(text, OPENING))
		return text;
	for (const char *c = text; *c;) {
		if (*c == '\'' || *c == '"') {
			const char *end = printed_skip_quoted(text, c);

			buffer_add(&out, (struct str){c, (size_t)(end - c)});
			c = end;
		} else if (strncmp(c, OPENING, strlen(OPENING)) == 0) {
			c = settle_one(&out, text, c);
		} else {
			buffer_char(&out, *c++);
		}
	}
	return buffer_cstr(&out);
}

/* --- statements ------------------------------------------------------------- */

/* Where "ANY ((ARRAY[...])::text[])" ends that begins at `c`; NULL where it does not. */
static const char *cast_end(const char *begin, const char *c, const char **elements_end)
{
	const bool is_any = strncmp(c, "ANY ((ARRAY[", 12) == 0 || strncmp(c, "ALL ((ARRAY[", 12) == 0;

	if (!is_any)
		return NULL;
	*elements_end = printed_find(begin, c + 12, "]");
	const struct str type = **elements_end ? type_behind(begin, *elements_end) : (struct str){0};

	return str_is(type, "text") && type.text[type.len + 2] == ')' ? type.text + type.len + strlen("[])")
	                                                              : NULL;
}

const char *array_cast_leave(struct arena *arena, const char *sql)
{
	struct buffer out = {.arena = arena};
	const char *elements_end;

	if (!strstr(sql, " ((ARRAY["))
		return sql;
	for (const char *c = sql; *c;) {
		const char *cast = cast_end(sql, c, &elements_end);

		if (cast)
			buffer_printf(&out, "%.3s (%.*s])", c, (int)(elements_end - c - 6), c + 6);
		c = cast ? cast : printed_copy(&out, sql, c);
	}
	return buffer_cstr(&out);
}
