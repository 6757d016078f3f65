/*
 * Names without quotes are folded when they are read, so only a field with a capital letter is another one
 * after a round trip. What else may stand between quotes (a space) is no field and fails when it is run.
 */
#include "catalog/extract_field.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "catalog/printed_text.h"

static const char opening[] = "EXTRACT(";

/* The field of the EXTRACT that begins at `c`; empty where none does, or it would be read as it is. */
static struct str unfolded_field(const char *c)
{
	const char *field = c + strlen(opening);
	bool is_folded = true;
	size_t len = 0;

	if (strncmp(c, opening, strlen(opening)) != 0)
		return (struct str){0};
	for (; isalpha((unsigned char)field[len]) || field[len] == '_'; len++)
		is_folded &= !isupper((unsigned char)field[len]);
	return is_folded || strncmp(field + len, " FROM ", 6) != 0 ? (struct str){0} : (struct str){field, len};
}

static const char *add_folded(struct buffer *out, struct str field)
{
	buffer_text(out, opening);
	for (size_t i = 0; i < field.len; i++)
		buffer_char(out, (char)tolower((unsigned char)field.text[i]));
	return field.text + field.len;
}

static const char *add_quoted(struct buffer *out, struct str field)
{
	buffer_printf(out, "%s'%.*s'", opening, STR_ARGS(field));
	return field.text + field.len;
}

static const char *replace(struct arena *arena, const char *text,
                           const char *(*add)(struct buffer *out, struct str field))
{
	struct buffer out = {.arena = arena};

	if (!strstr(text, opening))
		return text;
	for (const char *c = text; *c;) {
		const struct str field = unfolded_field(c);

		c = field.len ? add(&out, field) : printed_copy(&out, text, c);
	}
	return buffer_cstr(&out);
}

const char *extract_field_settle(struct arena *arena, const char *text)
{
	return replace(arena, text, add_folded);
}

const char *extract_field_leave(struct arena *arena, const char *sql)
{
	return replace(arena, sql, add_quoted);
}
