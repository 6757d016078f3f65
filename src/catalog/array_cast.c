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

#define OPENING "(ARRAY["

/* Behind a quoted text or name at `c`. Printed with standard_conforming_strings on: backslashes escape in E''
 * only. */
static const char *skip_quoted(const char *begin, const char *c)
{
	const char quote = *c;
	const bool is_escaped = quote == '\'' && c > begin && c[-1] == 'E';

	for (c++; *c; c++) {
		if (is_escaped && *c == '\\' && c[1])
			c++;
		else if (*c == quote && c[1] != quote)
			return c + 1;
		else if (*c == quote)
			c++;
	}
	return c;
}

/* The next character from `c` on that is one of `wanted` and in no quotes or brackets; or the end. */
static const char *find_outside(const char *begin, const char *c, const char *wanted)
{
	int depth = 0;

	while (*c) {
		if (depth == 0 && strchr(wanted, *c))
			return c;
		if (*c == '\'' || *c == '"') {
			c = skip_quoted(begin, c);
			continue;
		}
		depth += *c == '(' || *c == '[';
		depth -= *c == ')' || *c == ']';
		c++;
	}
	return c;
}

/* The type in "])::type[]", behind the elements; empty when something else follows. */
static struct str type_behind(const char *begin, const char *elements_end)
{
	const char *type = elements_end + strlen("])::");

	if (strncmp(elements_end, "])::", 4) != 0)
		return (struct str){0};
	const char *end = find_outside(begin, type, "[,)=<>;");
	return strncmp(end, "[]", 2) == 0 ? (struct str){type, (size_t)(end - type)} : (struct str){0};
}

static void add_elements(struct buffer *out, const char *begin, const char *c, const char *end,
                         struct str type)
{
	buffer_text(out, "ARRAY[");
	while (c < end) {
		const char *stop = find_outside(begin, c, ",]");

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
	const char *end = find_outside(begin, elements, "]");
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
			const char *end = skip_quoted(text, c);

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
